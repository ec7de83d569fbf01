import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  describeMapping,
  MapOptionError,
  type MapOverride,
  type Mapping,
  mapColumns,
  mappingSources,
  mapRow,
  parseMapOption,
} from '../../src/import/mapping.ts';

function columnsOf(header: string): string[] {
  return header.split(',').map((name) => name.trim());
}

function map(header: string, ...options: string[]): Mapping {
  return mapColumns(columnsOf(header), options.map(parseMapOption));
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
  test.each([
    [
      'the fields themselves',
      'name,login,email,password,company',
      { name: 'name', login: 'login', email: 'email', password: 'password', company: 'company' },
    ],
    [
      'Blesta',
      BLESTA,
      {
        name: ['first_name', 'last_name'],
        login: 'username',
        email: 'email',
        company: 'company',
      },
    ],
    [
      'WHMCS with a login',
      `${WHMCS},username`,
      {
        name: ['firstname', 'lastname'],
        login: 'username',
        email: 'email',
        password: 'password',
        company: 'companyname',
      },
    ],
    [
      'WHMCS API',
      'firstname,lastname,companyname,email,username,password2,tax_id,owner_user_id',
      {
        name: ['firstname', 'lastname'],
        login: 'username',
        email: 'email',
        password: 'password2',
        company: 'companyname',
      },
    ],
    [
      'HostBill',
      'firstname,lastname,companyname,email,password,password2,phonenumber,address1,type,username',
      {
        name: ['firstname', 'lastname'],
        login: 'username',
        email: 'email',
        password: 'password',
        company: 'companyname',
      },
    ],
    [
      'ISPConfig',
      'company_name,contact_name,username,password,email',
      {
        name: 'contact_name',
        login: 'username',
        email: 'email',
        password: 'password',
        company: 'company_name',
      },
    ],
    [
      'Plesk XML',
      'cname,pname,login,passwd,email,external-id',
      { name: 'pname', login: 'login', email: 'email', password: 'passwd', company: 'cname' },
    ],
    [
      'Plesk REST',
      'name,company,login,email,password,external_id,id,guid',
      { name: 'name', login: 'login', email: 'email', password: 'password', company: 'company' },
    ],
    [
      'generic, spelt out',
      'CustomerID,Title,FirstName,LastName,CompanyName,EmailAddress,Login Name,Pwd',
      {
        name: ['FirstName', 'LastName'],
        login: 'Login Name',
        email: 'EmailAddress',
        password: 'Pwd',
        company: 'CompanyName',
      },
    ],
    [
      'generic, full name first',
      'Full name,First name,Last name,E-Mail,User',
      { name: 'Full name', login: 'User', email: 'E-Mail' },
    ],
    [
      'surname before given name',
      'Surname,Given Name,e_mail address,Plesk user,Organisation',
      {
        name: ['Given Name', 'Surname'],
        login: 'Plesk user',
        email: 'e_mail address',
        company: 'Organisation',
      },
    ],
    ['one part of a name', 'lname,mail,user', { name: 'lname', login: 'user', email: 'mail' }],
    [
      'the company alone',
      'Business,mail,account',
      { login: 'account', email: 'mail', company: 'Business' },
    ],
  ])('%s', (_system, header, sources) => {
    const mapping = map(header);
    expect(messages(mapping)).toEqual([]);
    expect(mappingSources(mapping)).toEqual(sources);
    expect([...mapping.used].sort()).toEqual(Object.values(sources).flat().sort());
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
    expect(map(BLESTA).ignored).toEqual(
      columnsOf('address,city,state_code,postal_code,country_code,phone'),
    );
    expect(map(`${WHMCS},username`).ignored).not.toContain('status');
    expect(map('name,login,email,password,password2,constructor,toString').ignored).toEqual([
      'password2',
      'constructor',
      'toString',
    ]);
  });

  test.each(['__proto__', 'Имя', '名前', '!!!'])('the column %j means nothing', (column) => {
    const mapping = mapColumns([column, 'name', 'login', 'email']);
    expect(mapping.ignored).toEqual([column]);
    expect(mapping.problems).toEqual([]);
  });
});

describe('problems', () => {
  test('all that is missing is told at once, with the columns that were found', () => {
    const mapping = mapColumns(['first', 'second'], [], 'keys');
    expect(mapping.problems).toEqual([
      {
        field: 'name',
        message: 'no column holds the name; the file has "first", "second"',
        hint: 'Name the column: --map name=Column',
      },
      expect.objectContaining({ field: 'login' }),
      expect.objectContaining({ field: 'email' }),
    ]);
  });

  test('many columns are not all told', () => {
    const columns = Array.from({ length: 40 }, (_, index) => `${index}${'x'.repeat(100)}`);
    const [message] = messages(mapColumns(columns, [], 'keys'));
    expect(message).toContain('and 10 more');
    expect(message?.length).toBeLessThan(1_600);
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
      message: expect.stringContaining(both),
      hint: expect.stringContaining(way),
    });
  });

  test('the way out is one', () => {
    const mapping = map('Name,Contact,login,email', 'name=Contact');
    expect(mapping.problems).toEqual([]);
    expect(mappingSources(mapping)).toMatchObject({ name: 'Contact' });
    expect(mapping.ignored).toEqual(['Name']);
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
    expect(mappingSources(mapping)).toMatchObject({ name: ['Rufname', 'surname'] });
    expect(mapping.problems).toEqual([]);
  });

  test('are not doubtful', () => {
    const [row] = [{ cells: ['A', '42', 'a@example.com'] }];
    expect(mapRow(map('name,userid,email', 'login=userid'), row).login).toBe('42');
  });

  test.each([
    ['emial', ['Email']],
    ['Email Address', ['Email']],
    ['log', ['Login']],
    ['zzzzzz', []],
  ])('of an unknown column %j name the closest', (given, closest) => {
    const { problems } = map('Name,Login,Email,Phone', `email=${given}`);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain(`--map email=${given} names a column`);
    expect(problems[0]?.message).toContain('"Name", "Login", "Email", "Phone"');
    expect(problems[0]?.hint.match(/"([^"]+)"/g) ?? []).toEqual(
      closest.map((column) => `"${column}"`),
    );
  });

  test('of one field twice, or of both kinds of name, are problems', () => {
    expect(messages(map('name,login,email,mail2', 'email=email', 'email=mail2'))).toEqual([
      '--map gives email more than one column: "email" and "mail2"',
    ]);
    expect(messages(map('a,b,login,email', 'name=a', 'last_name=b'))).toEqual([
      '--map gives both name and last_name a column',
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
    ['email=', '--map email= needs the name of a column'],
    ['email=  ', '--map email= needs the name of a column'],
  ])('the option %j is refused', (option, message) => {
    expect(() => parseMapOption(option)).toThrow(MapOptionError);
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

describe('rows', () => {
  const parts = map('firstname,lastname,login,email,password,company');

  function row(mapping: Mapping, ...cells: string[]) {
    return mapRow(mapping, { cells });
  }

  test.each([
    ['both', 'Example', 'Client', 'Org', 'Example Client', 0],
    ['first only', 'Example', '', 'Org', 'Example', 0],
    ['last only', ' ', 'Client', 'Org', 'Client', 0],
    ['edges', ' Example ', ' Client ', 'Org', 'Example Client', 0],
    ['neither', '', '\u00a0', 'Org', 'Org', 1],
    ['nothing at all', '', '', ' ', undefined, 0],
    ['composed', 'E\u0301xample', 'Client', '', '\u00c9xample Client', 0],
  ])('a name of two parts: %s', (_title, first, last, company, name, warnings) => {
    const mapped = row(parts, first, last, 'client1', 'client1@example.com', 'x', company);
    expect(mapped.name).toBe(name);
    expect(mapped.warnings).toHaveLength(warnings);
  });

  test('a blank whole name is replaced by the company, with a warning', () => {
    const mapping = map('name,login,email,company');
    expect(row(mapping, ' ', 'a', 'b', 'O\u0308rg')).toEqual({
      name: '\u00d6rg',
      company: '\u00d6rg',
      login: 'a',
      email: 'b',
      warnings: ['there is no name: the company is taken instead'],
      inactive: undefined,
    });
  });

  test('blank cells are left out, others are not touched', () => {
    const mapping = map('name,login,email,password');
    expect(row(mapping, ' N ', ' a\u0301 ', ' b ', ' c ')).toEqual({
      name: ' N ',
      login: ' a\u0301 ',
      email: ' b ',
      password: ' c ',
      warnings: [],
      inactive: undefined,
    });
    expect(row(mapping, '', ' ', '', '')).toEqual({ warnings: [], inactive: undefined });
  });

  test.each([
    ['userid', '42', undefined],
    ['account', '0042', undefined],
    ['userid', 'client42', 'client42'],
    ['username', '42', '42'],
  ])('%s %s gives the login %s', (column, value, login) => {
    const mapped = row(map(`name,${column},email`), 'A', value, 'a@example.com');
    expect(mapped.login).toBe(login);
    expect(mapped.warnings).toHaveLength(login === undefined ? 1 : 0);
  });

  test('userid is not looked at beside a better column', () => {
    const mapping = map('userid,name,username,email');
    expect(mapping.problems).toEqual([]);
    expect(mapping.ignored).toEqual(['userid']);
  });

  test.each([
    ['status', 'Closed', '"status" is "Closed"'],
    ['Status', ' inactive ', '"Status" is "inactive"'],
    ['status', 'FRAUD', '"status" is "FRAUD"'],
    ['status', 'terminated', '"status" is "terminated"'],
    ['status', 'suspended', '"status" is "suspended"'],
    ['status', 'Active', undefined],
    ['status', '', undefined],
    ['status', '1', undefined],
    ['suspended', '1', '"suspended" is "1"'],
    ['Is Suspended', '1', '"Is Suspended" is "1"'],
    ['suspended', 'true', '"suspended" is "true"'],
    ['suspended', '0', undefined],
    ['suspended', '', undefined],
  ])('%s %j', (column, value, inactive) => {
    const mapping = map(`name,login,email,${column}`);
    expect(row(mapping, 'A', 'a', 'a@example.com', value).inactive).toBe(inactive);
  });

  test('any of several columns tells that a row is inactive', () => {
    const mapping = map('name,login,email,status,suspended');
    expect(row(mapping, 'A', 'a', 'b', 'active', '1').inactive).toBe('"suspended" is "1"');
  });
});

describe('whatever the columns', () => {
  test('each one is used, tells activity or is ignored, and nothing throws', () => {
    const column = fc.oneof(
      fc.constantFrom(
        'name',
        'Login',
        'e-mail',
        'pass',
        'status',
        'firstname',
        'userid',
        '__proto__',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.uniqueArray(column), fc.array(fc.string()), (columns, cells) => {
        const mapping = mapColumns(columns, [{ field: 'company', column: columns[0] ?? 'x' }]);
        const seen = [
          ...mapping.used,
          ...mapping.activity.map((index) => columns[index]),
          ...mapping.ignored,
        ];
        expect(seen.sort()).toEqual([...columns].sort());
        expect(describeMapping(mapping).length).toBeGreaterThanOrEqual(5);
        mapRow(mapping, { cells });
      }),
    );
  });
});
