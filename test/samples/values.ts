// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are to be taken as they stand
/** Text that one of the four languages, JSON, a form or a terminal takes for something else. */
export const NASTY_TEXT: Readonly<Record<string, string>> = {
  plain: 'Example Client',
  empty: '',
  apostrophe: "O'Brien's ''",
  apostropheAlone: "'",
  quotes: 'say "no" ""',
  dollar: '$HOME ${HOME} $(id) $1 $$ {$x} ${x}',
  backticks: '`id` `',
  backslashes: '\\ \\\\ \\n \\u0041 \\x41 \\',
  backslashQuote: '\\\' \\" \\',
  exclamation: '! !! !$ !1 wow!',
  lines: 'one\ntwo\r\nthree\rfour\n',
  onlyLine: '\n',
  tabs: '\ta\t',
  controls: Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join(''),
  deleteAndC1: '\u007f\u0080\u0085\u009b\u009f',
  php: '<?php echo 1; ?> <?= ?>',
  script: '</script><!-- <script> --> ]]>',
  lineSeparators: 'a\u2028b\u2029c',
  byteOrderMark: '\ufeffa\ufeff',
  bidirectional: '\u202eabc\u202c \u2066x\u2069',
  percent: '% %s %d %n %25 %2A %7E %%',
  templates: '{name} {{name}} #{name} %(name)s ${name} f"{x}"',
  chinese: '张伟 測試有限公司',
  emoji: '👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽',
  astralFormat: 'a\u{e0041}b',
  combining: 'e\u0301 ﷽ \u0000\u0301',
  loneHigh: 'a\ud800b',
  loneLow: '\udc00',
  swappedPair: '\udc00\ud800',
  replacement: '\ufffd',
  dash: '-X DELETE',
  doubleDash: '--next',
  at: '@/etc/hostname',
  equals: '=1+1 a=b&c=d;e',
  form: '~*-._+ !\'()/:?#[]@$,;"<>^|{}',
  spaces: '  edge  ',
  semicolon: '; rm -f x & | > < # comment',
  glob: '* ? [a-z] ~ {a,b}',
  heredoc: 'EOF\nEOT;\n',
  comment: '// /* */ # -- """ \'\'\'',
  raw: 'r"x" b\'x\' \\N{DASH}',
};

export const NASTY_VALUES: Readonly<Record<string, unknown>> = {
  one: 1,
  zero: 0,
  negative: -5,
  negativeZero: -0,
  fraction: 0.1,
  tiny: 1e-7,
  huge: 1e21,
  beyondInteger: 2 ** 64,
  largestInteger: Number.MAX_SAFE_INTEGER,
  yes: true,
  no: false,
};

/** Only JSON can carry these. */
export const NASTY_STRUCTURES: Readonly<Record<string, unknown>> = {
  nothing: null,
  leftOut: undefined,
  list: ['.com', "o'x", '$x', '', '张'],
  emptyList: [],
  object: { '0': 'a', '1': "b'", quote: '"' },
  emptyObject: {},
};

export const NASTY_NAMES: Readonly<Record<string, unknown>> = Object.fromEntries([
  ['0', 'first'],
  ['1', 'second'],
  ['', 'no name'],
  ['__proto__', 'polluted?'],
  ["it's $a `name` \\", 'x'],
  ['a[b]', 'x'],
  ['a.b c', 'x'],
  ['class', 'x'],
  ['名\u2028', 'x'],
]);

/** As the environment can hold it: no NUL, no half pair, not empty. */
export const NASTY_SECRET = Object.values(NASTY_TEXT)
  .join('|')
  .replaceAll('\0', '')
  .replace(/\p{Surrogate}/gu, '');
