import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MapOverride, parseMapOption } from '../../../src/import/mapping/fields.ts';
import {
  describeMapping,
  type Mapping,
  mapColumns,
  mappingSources,
} from '../../../src/import/mapping/mapping.ts';
import { mapRow } from '../../../src/import/mapping/row.ts';
import type { Cell } from '../../../src/import/reader/record.ts';

function columnsOf(header: string): string[] {
  return header.split(',').map((name) => name.trim());
}

function map(header: string, ...options: string[]): Mapping {
  return mapColumns(columnsOf(header), options.map(parseMapOption), true);
}

/** Columns that nothing looks at, in the order of the file. */
function ignored(mapping: Mapping): string[] {
  const line = describeMapping(mapping).find((text) => text.startsWith('ignored: '));
  return line?.slice('ignored: '.length).split(', ') ?? [];
}

function messages(mapping: Mapping): string[] {
  return mapping.problems.map(({ message }) => message);
}

const BLESTA =
  'username,first_name,last_name,email,address,city,state_code,postal_code,country_code,phone,company';
const WHM =
  'Domain,IP,User Name,Email,Start Date,Disk Partition,Quota,Disk Space Used,Package,Theme,Owner,Server,Unix Startdate,Disk Space Used (bytes),Quota (bytes),Is Suspended';
const WHMCS =
  'id,firstname,lastname,email,companyname,address1,address2,city,state,postcode,country,phonenumber,currency,status,password';

describe('headers of other systems', () => {
  /** The columns of name, login, e-mail address, password and company. */
  test.each([
    [
      'the fields themselves',
      'name,login,email,password,company',
      'name, login, email, password, company',
    ],
    ['Blesta', BLESTA, 'first_name + last_name, username, email, -, company'],
    [
      'WHMCS with a login',
      `${WHMCS},username`,
      'firstname + lastname, username, email, password, companyname',
    ],
    [
      'WHMCS API',
      'firstname,lastname,companyname,email,username,password2,tax_id,owner_user_id',
      'firstname + lastname, username, email, password2, companyname',
    ],
    [
      'HostBill',
      'firstname,lastname,companyname,email,password,password2,phonenumber,address1,type,username',
      'firstname + lastname, username, email, password, companyname',
    ],
    [
      'ISPConfig',
      'company_name,contact_name,username,password,email',
      'contact_name, username, email, password, company_name',
    ],
    [
      'Plesk XML',
      'cname,pname,login,passwd,email,external-id',
      'pname, login, email, passwd, cname',
    ],
    [
      'Plesk REST',
      'name,company,login,email,password,external_id,id,guid',
      'name, login, email, password, company',
    ],
    [
      'generic, spelt out',
      'CustomerID,Title,FirstName,LastName,CompanyName,EmailAddress,Login Name,Pwd',
      'FirstName + LastName, Login Name, EmailAddress, Pwd, CompanyName',
    ],
    [
      'generic, full name first',
      'Full name,First name,Last name,E-Mail,User',
      'Full name, User, E-Mail, -, -',
    ],
    [
      'surname before given name',
      'Surname,Given Name,e_mail address,Plesk user,Organisation',
      'Given Name + Surname, Plesk user, e_mail address, -, Organisation',
    ],
    ['one part of a name', 'lname,mail,user', 'lname, user, mail, -, -'],
    ['the company alone', 'Business,mail,account', '-, account, mail, -, Business'],
  ])('%s', (_system, header, sources) => {
    const mapping = map(header);
    expect(messages(mapping)).toEqual([]);
    const found = mappingSources(mapping);
    const fields = ['name', 'login', 'email', 'password', 'company'];
    expect(fields.map((field) => found[field] ?? '-').join(', ')).toBe(sources);
  });

  test('WHM knows no name', () => {
    const mapping = map(WHM);
    expect(mappingSources(mapping)).toEqual({ login: 'User Name', email: 'Email' });
    expect(mapping.problems.map(({ field }) => field)).toEqual(['name']);
  });

  test("WHMCS's own table knows no login", () => {
    expect(map(WHMCS).problems.map(({ field }) => field)).toEqual(['login']);
  });

  test('cPanel listaccts knows no name', () => {
    const mapping = map('user,domain,email,owner,plan,ip,startdate,suspended');
    expect(mapping.problems.map(({ field }) => field)).toEqual(['name']);
    expect(mapping.activity).toEqual([7]);
  });

  test('what nothing looks at is listed in the order of the file', () => {
    expect(ignored(map(BLESTA))).toEqual(
      columnsOf('address,city,state_code,postal_code,country_code,phone'),
    );
    expect(ignored(map(`${WHMCS},username`))).not.toContain('status');
    expect(ignored(map('name,login,email,password,password2,constructor,toString'))).toEqual([
      'password2',
      'constructor',
      'toString',
    ]);
  });

  test.each(['__proto__', 'Имя', '名前', '!!!'])('the column %j means nothing', (column) => {
    const mapping = mapColumns([column, 'name', 'login', 'email'], [], true);
    expect(ignored(mapping)).toEqual([column]);
    expect(mapping.problems).toEqual([]);
  });
});

describe('problems', () => {
  test('all that is missing is said at once, with the columns that were found', () => {
    const mapping = mapColumns(['first', 'second'], [], false);
    expect(mapping.problems).toEqual([
      {
        field: 'name',
        message:
          'no column holds the name; the file has "first", "second". Name the column: --map name=Column',
      },
      expect.objectContaining({ field: 'login' }),
      expect.objectContaining({ field: 'email' }),
    ]);
  });

  test('many columns are not all listed', () => {
    const columns = Array.from({ length: 40 }, (_, index) => `${index}${'x'.repeat(100)}`);
    const [message] = messages(mapColumns(columns, [], false));
    expect(message).toMatch(
      /^no column holds the name; the file has "0x+", "1x+.*…\. Name the column/,
    );
    expect(message?.length).toBeLessThan(750);
  });

  test.each([
    ['name', 'Name,Contact,login,email', '"Name" and "Contact"', '--map "name=Name"'],
    ['login', 'Name,User,Login,email', '"User" and "Login"', '--map "login=User"'],
    ['email', 'name,login,Email,E-Mail', '"Email" and "E-Mail"', '--map "email=Email"'],
    ['password', 'name,login,mail,pass,pwd', '"pass" and "pwd"', '--map "password=pass"'],
    ['company', 'name,login,mail,org,Company', '"org" and "Company"', '--map "company=org"'],
    [
      'first_name',
      'First Name,fname,surname,login,mail',
      '"First Name" and "fname"',
      '--map "first_name=First Name"',
    ],
  ])('two columns for %s', (field, header, both, way) => {
    const mapping = map(header);
    expect(mapping.problems).toHaveLength(1);
    expect(mapping.problems[0]).toMatchObject({
      field,
      message: expect.stringContaining(`${both}. Say which one: ${way}`),
    });
  });

  test('the way out is one', () => {
    const mapping = map('Name,Contact,login,email', 'name=Contact');
    expect(mapping.problems).toEqual([]);
    expect(mappingSources(mapping)).toMatchObject({ name: 'Contact' });
    expect(ignored(mapping)).toEqual(['Name']);
  });

  test('so is giving one of the two to another field', () => {
    const mapping = map('Name,Contact,login,email', 'company=Contact');
    expect(mapping.problems).toEqual([]);
    expect(mappingSources(mapping)).toMatchObject({ name: 'Name', company: 'Contact' });
  });
});

describe('overrides', () => {
  test.each([
    ['exact', 'Contact Mail', 'Contact Mail'],
    ['other case', 'contact mail', 'Contact Mail'],
    ['other separators', 'contact_mail', 'Contact Mail'],
  ])('find their column: %s', (_title, given, column) => {
    const mapping = map('name,login,Contact Mail', `email=${given}`);
    expect(mapping.problems).toEqual([]);
    expect(mappingSources(mapping)).toMatchObject({ email: column });
  });

  test('find a name in another Unicode form', () => {
    for (const [column, given] of [
      ['Benutzer\u00e4', 'Benutzera\u0308'],
      ['Benutzera\u0308', 'Benutzer\u00e4'],
    ]) {
      const mapping = map(`name,email,${column}`, `login=${given}`);
      expect(mappingSources(mapping)).toMatchObject({ login: column });
    }
  });

  test('prefer the exact name and do not guess between two', () => {
    expect(mappingSources(map('name,login,Mail2,mail2', 'email=mail2'))).toMatchObject({
      email: 'mail2',
    });
    expect(map('name,login,Mail2,MAIL2', 'email=mail2').problems).toHaveLength(1);
  });

  test('may give one column to two fields', () => {
    const mapping = map('name,email', 'login=email');
    expect(mapping.problems).toEqual([]);
    expect(mappingSources(mapping)).toEqual({ name: 'name', login: 'email', email: 'email' });
  });

  test('can name the parts of a name, which then stand above a whole one', () => {
    const mapping = map('name,Rufname,surname,login,email', 'first-name=Rufname');
    expect(mappingSources(mapping)).toMatchObject({ name: 'Rufname + surname' });
    expect(mapping.problems).toEqual([]);
  });

  test('are not doubtful', () => {
    const mapping = map('name,userid,email', 'login=userid');
    expect(mapRow(mapping, ['A', '42', 'a@example.com'], false).fields.login).toBe('42');
  });

  test('of an unknown column name those that there are', () => {
    const { problems } = map('Name,Login,,Email,Phone', 'email=emial');
    expect(problems).toEqual([
      {
        field: 'email',
        message:
          '--map email=emial names a column that the file does not have; it has "Name", "Login", "Email", "Phone". Name one of those.',
      },
    ]);
  });

  test('of one field twice, or of both kinds of name, are problems', () => {
    expect(messages(map('name,login,email,mail2', 'email=email', 'email=mail2'))).toEqual([
      '--map gives email more than one column: "email" and "mail2". Keep one --map email=Column.',
    ]);
    expect(messages(map('a,b,login,email', 'name=a', 'last_name=b'))).toEqual([
      '--map gives both name and last_name a column. Keep either name, or first_name and last_name.',
    ]);
  });

  test('the option is read', () => {
    const read: [string, MapOverride][] = [
      ['email=Contact Mail', { field: 'email', column: 'Contact Mail' }],
      ['Login=a=b', { field: 'login', column: 'a=b' }],
      ['first-name= x ', { field: 'first_name', column: ' x ' }],
    ];
    for (const [option, override] of read) expect(parseMapOption(option)).toEqual(override);
  });

  test.each([
    ['email', '--map needs field=Column, not "email"'],
    ['', '--map needs field=Column, not ""'],
    ['phone=Phone', '--map knows no field "phone"; it can be name, first_name'],
    ['=Phone', '--map knows no field ""'],
    ['email=  ', '--map needs field=Column, not "email=  "'],
  ])('the option %j is refused', (option, message) => {
    expect(() => parseMapOption(option)).toThrow(message);
  });
});

describe('the description', () => {
  test('tells the source of each field and the rest', () => {
    expect(
      describeMapping(map('First Name,Last Name,username,mail,org,Status,phone,city')),
    ).toEqual([
      'name ← First Name + Last Name',
      'login ← username',
      'email ← mail',
      'password ← no column',
      'company ← org',
      'active or not ← Status',
      'ignored: phone, city',
    ]);
  });

  test('tells that the company stands in for the name, and what is missing', () => {
    expect(describeMapping(map('org,login'))).toEqual([
      'name ← org (there is no name)',
      'login ← login',
      'email ← no column',
      'password ← no column',
      'company ← org',
    ]);
    expect(describeMapping(map('x'))[0]).toBe('name ← no column');
  });
});

const NONE = { fields: {}, problems: [], faulty: new Set(), warnings: [] };

describe('rows', () => {
  const parts = map('firstname,lastname,login,email,password,company');
  const whole = map('name,login,email,password,company');

  function row(mapping: Mapping, ...cells: Cell[]) {
    return mapRow(mapping, cells, false);
  }

  test.each([
    ['both', 'Example', 'Client', 'Org', 'Example Client', false],
    ['first only', 'Example', '', 'Org', 'Example', false],
    ['last only', ' ', 'Client', 'Org', 'Client', false],
    ['edges', ' Example ', ' Client ', 'Org', 'Example Client', false],
    ['neither', '', '\u00a0', 'Org', 'Org', true],
    ['nothing at all', '', '', ' ', undefined, false],
    ['composed', 'E\u0301xample', 'Client', '', '\u00c9xample Client', false],
    ['NULL', 'NULL', 'Client', '', 'Client', false],
  ])('a name of two parts: %s', (_title, first, last, company, name, isCompany) => {
    const mapped = row(parts, first, last, 'client1', 'client1@example.com', 'x', company);
    expect(mapped.fields.name).toBe(name);
    expect(mapped.warnings.some(({ code }) => code === 'named_by_company')).toBe(isCompany);
  });

  test('cells are trimmed but for the password, and blank ones left out', () => {
    expect(row(whole, ' N\u00a0', '\u00a0a\u0301 ', '\tb ', ' c ', ' ')).toEqual({
      ...NONE,
      fields: { name: 'N', login: 'a\u0301', email: 'b', password: ' c ' },
    });
    expect(row(whole, '', ' ', '\u00a0', ' ', '')).toEqual(NONE);
  });

  test.each(['NULL', '\\N', '(NULL)', ' NULL ', null])('%j is nothing', (cell) => {
    const warnings = [{ code: 'null_is_empty', message: expect.any(String) }];
    expect(row(whole, cell, cell, cell, cell, cell)).toEqual({ ...NONE, warnings });
  });

  test.each(['null', 'NULLS', 'N', '(null)', 'NIL', '0', '-'])('%j is text', (cell) => {
    const { fields, warnings } = row(whole, 'A', cell, 'a@example.com', cell);
    expect(fields).toMatchObject({ login: cell, password: cell });
    expect(warnings).toEqual([]);
  });

  test.each(['#N/A', '#NAME?', '#REF!', '#VALUE!', '#DIV/0!', '####', '##########'])(
    '%j is an error of a spreadsheet',
    (cell) => {
      const { problems } = row(whole, cell, cell, cell, cell, cell);
      expect(problems).toHaveLength(5);
      expect(problems).toContain('password is an error of a spreadsheet, such as #N/A');
      expect(row(map('name,login,email,phone'), 'A', 'a', 'b', cell).problems).toEqual([]);
    },
  );

  test.each(['#1', '##', 'N/A', '#n', 'a####'])('%j is text, too', (cell) => {
    expect(row(whole, 'A', cell, 'b', cell).problems).toEqual([]);
  });

  test.each([
    ['mailto:a@b.example', 'email must be the address alone, without "mailto:"'],
    ['MAILTO:a@b.example', 'email must be the address alone, without "mailto:"'],
    ['<a@b.example>', 'email must be the address alone, without a name and without < >'],
    ['A <a@b.example>', 'email must be the address alone, without a name and without < >'],
    ['"A, B" <a@b.example> ', 'email must be the address alone, without a name and without < >'],
  ])('%j says what to leave', (cell, problem) => {
    expect(row(whole, 'A', 'a', cell, 'p').problems).toEqual([problem]);
  });

  test.each([
    ['an object', { kind: 'an object' }],
    ['a boolean', { kind: 'a boolean' }],
  ])('%s is no text', (kind, cell) => {
    expect(row(whole, 'A', cell, 'b', 'p').problems).toEqual([`login is ${kind}, not text`]);
    expect(row(map('name,login,email,x'), 'A', 'a', 'b', cell).problems).toEqual([]);
  });

  test.each<[string, string, number, boolean, number]>([
    ['all', 'name,login,email,password', 4, false, 0],
    ['the password', 'name,login,email,password', 3, false, 1],
    ['a password that is generated', 'name,login,email,password', 3, true, 0],
    ['several', 'name,login,email,password', 1, false, 1],
    ['the company', 'name,login,email,password,company', 4, false, 0],
    ['what nobody uses', 'name,login,email,password,phone,city', 4, false, 0],
    ['half of the name', 'login,email,password,firstname,lastname', 4, false, 1],
  ])('that lack their last cells: %s of %s', (_title, header, count, generate, problems) => {
    const cells = Array.from({ length: count }, () => 'x');
    const mapped = mapRow(map(header), cells, generate);
    expect(mapped.problems).toHaveLength(problems);
    if (problems > 0) expect(mapped.problems[0]).toContain(`where the header has`);
  });

  test.each([
    ['userid', '42', undefined],
    ['account', ' 0042 ', undefined],
    ['userid', 'client42', 'client42'],
    ['username', '42', '42'],
  ])('%s %s gives the login %s', (column, value, login) => {
    const mapped = row(map(`name,${column},email`), 'A', value, 'a@example.com');
    expect(mapped.fields.login).toBe(login);
    const problem = `login is missing: "${column}" holds a number, which is taken for an id`;
    expect(mapped.problems).toEqual(login === undefined ? [problem] : []);
  });

  test('userid is not looked at next to a better column', () => {
    const mapping = map('userid,name,username,email');
    expect(mapping.problems).toEqual([]);
    expect(ignored(mapping)).toEqual(['userid']);
  });

  test.each([
    ['status', 'Closed', '"status" is "Closed"'],
    ['Status', ' inactive ', '"Status" is "inactive"'],
    ['status', 'FRAUD', '"status" is "FRAUD"'],
    ['status', 'cancelled', '"status" is "cancelled"'],
    ['status', 'Active', undefined],
    ['status', '', undefined],
    ['status', '1', undefined],
    ['suspended', '1', '"suspended" is "1"'],
    ['Is Suspended', 'true', '"Is Suspended" is "true"'],
    ['suspended', '0', undefined],
    ['suspended', '', undefined],
  ])('%s %j', (column, value, inactive) => {
    const mapping = map(`name,login,email,${column}`);
    const { warnings } = row(mapping, 'A', 'a', 'a@example.com', value);
    const message = `client looks inactive (${inactive}) and is created all the same`;
    expect(warnings).toEqual(inactive === undefined ? [] : [{ code: 'inactive', message }]);
  });

  test('any of several columns tells that a row is inactive', () => {
    const mapping = map('name,login,email,status,suspended');
    const [warning] = row(mapping, 'A', 'a', 'b', 'active', '1').warnings;
    expect(warning?.message).toContain('"suspended" is "1"');
  });
});

test('whatever the columns and cells, nothing throws', () => {
  const known = ['name', 'Login', 'e-mail', 'pass', 'status', 'firstname', 'userid', '__proto__'];
  const column = fc.oneof(fc.constantFrom(...known), fc.string());
  fc.assert(
    fc.property(fc.array(column), fc.array(fc.string()), (columns, cells) => {
      const overrides = [{ field: 'company' as const, column: columns[0] ?? 'x' }];
      const mapping = mapColumns(columns, overrides, true);
      expect(describeMapping(mapping).length).toBeGreaterThanOrEqual(5);
      mapRow(mapping, cells, false);
    }),
  );
});
