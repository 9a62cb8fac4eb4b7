import { beyond, type Task } from './content'
import type { Random } from './random'

const criteria = 'Nothing is lost\nNothing is shown as anything but text'
const arabic =
  'اجتمع الفريق صباح الأحد لمناقشة مواعيد التسليم. وافق الجميع على تأجيل الشحنة إلى الأسبوع المقبل، وطلبت المديرة تقريرًا مفصلًا قبل نهاية الشهر.'
const hebrew =
  'הצוות נפגש ביום ראשון בבוקר. סוכם לדחות את המשלוח לשבוע הבא, והמנהלת ביקשה דוח מפורט עד סוף החודש (ראו נספח A-12).'

/** Text that interfaces stumble over: all of it goes through the real agents like any other. */
export function awkward(random: Random): Task[] {
  const paragraph =
    'The quick brown fox, having jumped over the lazy dog, sat down and wrote a report about it. '
  return [
    {
      name: '🎉 Party feedback 🥳👩‍👩‍👧‍👦🏳️‍🌈',
      description: `/stats\n🎂 was great!!! 10/10 👏🏽 The band 🎸🥁 played too long 😴, the 🧀 was gone by nine. “Again next year?” — yes 👍👍🏿 (e\u0301 is one letter, 👨‍👩‍👧 one family).`,
      acceptanceCriteria: '✅ words counted\n✅ nothing broken 💔',
    },
    {
      name: 'محضر اجتماع فريق التوصيل',
      description: `/stats\n${arabic}`,
      acceptanceCriteria: 'عدد الكلمات مذكور\nمدة القراءة مذكورة',
    },
    {
      name: 'סיכום פגישת הצוות (גרסה 2)',
      description: `/stats\n${hebrew}`,
      acceptanceCriteria: 'מספר המילים מופיע\nזמן הקריאה מופיע',
    },
    {
      name: 'Mixed: שלום, مرحبا and hello in one line',
      description: `/extract\nWrite to שלום@example.com? No: to shalom@example.com, مرحبا, by 2026-11-30 – or call +44 20 7946 0000.\u202Eesrever\u202C`,
      acceptanceCriteria: criteria,
    },
    {
      name: 'Ten thousand characters of the same fox',
      description: `/stats\n${paragraph.repeat(110).slice(0, 10_000 - 7)}`,
      acceptanceCriteria: 'The description has 10,000 characters\nThe number of sentences is given',
    },
    {
      name: `One word without an end: ${'Donaudampfschifffahrtsgesellschaft'.repeat(4)}`,
      description: `/stats\n${'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz'.repeat(40)}`,
      acceptanceCriteria: 'It is one word\nThe page does not scroll sideways',
    },
    {
      name: 'Check the banner <script>alert("hi")</script>',
      description: `/json\n${JSON.stringify({ html: '<script>alert(1)</script>', image: '<img src=x onerror=alert(2)>', end: '</textarea></pre>&lt;&amp;', template: '{{7*7}} <%= 7*7 %>' }, null, 2)}`,
      acceptanceCriteria: `<b>Nothing</b> runs\n${criteria}`,
    },
    {
      name: "Robert'); DROP TABLE jobs;--",
      description: `/extract\n<p>Contact <a href="https://example.org/?a=1&b=2">us</a> or <bobby@example.com>'; -- "quoted" \\n not a line break</p>`,
      acceptanceCriteria: criteria,
    },
    {
      name: 'Tracking numbers, digit for digit',
      description:
        '/json $..tracking\n{"shipments": [{"tracking": 9007199254740993}, {"tracking": 12345678901234567890123}, {"tracking": 0.1234567890123456789}, {"tracking": -0, "tracking": 1e400}]}',
      acceptanceCriteria:
        '9007199254740993 is there, digit for digit\n12345678901234567890123 is there, digit for digit',
    },
    {
      name: 'Weights of the pallets, as the scales give them',
      description: `/csv\npallet,kg,checked by\n${Array.from({ length: 12 }, (_, n) => `"P-${n}, ""north""",${random.int(100_000, 999_999)}${n}0000000001.25,${n % 4 ? '=SUM(A1:A9)' : ''}`).join('\n')}`,
      acceptanceCriteria: 'The column kg is numeric\nEmpty values are counted as missing',
    },
    {
      name: 'x'.repeat(200),
      description: '/stats\na\tb\r\nc\u2028d\u00a0e \u200bf',
      acceptanceCriteria: Array.from({ length: 40 }, (_, n) => `Criterion ${n + 1} of forty holds`).join(
        '\n',
      ),
    },
    { ...beyond(random), name: '   A slogan, but quickly   ' },
  ]
}
