import type { Random } from './random'

/** A job as somebody would write it. */
export interface Task {
  name: string
  description: string
  acceptanceCriteria: string
}

const teams = ['Logistics', 'Customer care', 'Finance', 'Web shop', 'Procurement', 'People', 'Workshop']
const places = ['Rotterdam', 'Leipzig', 'Porto', 'Gdańsk', 'Lyon', 'Turku', 'Brno', 'Cork']
const first = [
  'Amina',
  'Bram',
  'Chiara',
  'Dmitri',
  'Elif',
  'Femi',
  'Greta',
  'Hana',
  'Iker',
  'Jonas',
  'Kalina',
  'Luís',
  'Noor',
]
const last = [
  'Abbas',
  'de Wit',
  'Ferrari',
  'Okonkwo',
  'Yılmaz',
  'Lindqvist',
  'Sørensen',
  'Ito',
  'Núñez',
  'Kowalska',
  'O’Brien',
]
const products = [
  'Oak shelf',
  'Desk lamp',
  'Wool rug',
  'Kettle',
  'Standing desk',
  'Bookend',
  'Wall clock',
  'Coat rack',
  'Tea set',
]

const date = (at: number) => new Date(at).toISOString().slice(0, 10)
const email = (person: string) =>
  `${person
    .normalize('NFKD')
    .replace(/[^a-zA-Z ]/g, '')
    .toLowerCase()
    .trim()
    .replace(/ +/g, '.')}@example.com`
const person = (random: Random) => `${random.pick(first)} ${random.pick(last)}`

const remarks = [
  'The carrier has confirmed the new pick-up window and will send the revised schedule by Thursday.',
  'Returns went up by four per cent, nearly all of them from the spring catalogue.',
  'We agreed to keep the old price list until the end of the quarter.',
  'Nobody could say why the label printer stops after two hundred sheets.',
  'The insurer wants photographs of every damaged pallet from now on.',
  'Two customers asked whether the desk can be delivered assembled; for now it cannot.',
  'The audit found three invoices without a purchase order, all of them small.',
  'Training for the new till takes half a day, and everyone needs it before the sale.',
  'The warehouse is colder than it should be at night, so the candles move upstairs.',
  'Marketing asked for better pictures of the rug, since the colour looks wrong on phones.',
  'The supplier offered a discount of six per cent for orders above forty units.',
  'We lost an hour on Monday because nobody knew who had the key to the cage.',
  'The new form cut the questions about delivery times by half.',
  'Support will answer in Polish from next month, on weekdays only.',
  'The stock count was out by eleven kettles, which were found behind the rugs.',
]

export function minutes(random: Random, at: number): Task {
  const team = random.pick(teams)
  const text = random.some(remarks, random.int(4, 11)).join(random.chance(0.3) ? '\n\n' : ' ')
  return {
    name: `${team} minutes of ${date(at)}: how long a read?`,
    description: `/stats\n${team}, ${date(at)}. Present: ${person(random)}, ${person(random)}, ${person(random)}.\n\n${text}`,
    acceptanceCriteria:
      'The number of words is given\nA reading time is given\nThe most frequent words are listed',
  }
}

export function sales(random: Random, at: number): Task {
  const place = random.pick(places)
  const rows = Array.from({ length: random.int(8, 60) }, (_, n) => {
    const units = random.chance(0.06) ? '' : random.int(1, 40)
    const price = (random.int(490, 42_000) / 100).toFixed(2)
    return `${4100 + n},${random.pick(products)},${date(at - random.int(1, 20) * 86_400_000)},${units},${price},${random.pick(['shop', 'web', 'phone'])}`
  })
  return {
    name: `Sales in ${place} up to ${date(at)}`,
    description: `/csv\norder,product,sold,units,price,channel\n${rows.join('\n')}`,
    acceptanceCriteria: `All six columns are listed with their types\nMinimum, maximum and mean of price are given\nMissing units are counted\nThere are ${rows.length} rows`,
  }
}

export function settings(random: Random): Task {
  const service = random.pick(['till', 'label-printer', 'stock-sync', 'newsletter', 'returns-desk'])
  const config = {
    service,
    version: `${random.int(1, 4)}.${random.int(0, 12)}.${random.int(0, 9)}`,
    replicas: random.int(1, 5),
    endpoints: Array.from({ length: random.int(2, 5) }, (_, n) => ({
      host: `${service}-${n}.internal`,
      port: 8000 + n,
    })),
    features: { retries: random.chance(0.5), dryRun: false },
  }
  const text = JSON.stringify(config, null, 2)
  if (random.chance(0.2)) {
    return {
      name: `Is the ${service} configuration valid?`,
      // a comma too many, as editors leave behind
      description: `/json\n${text.replace(/\n\}$/, ',\n}')}`,
      acceptanceCriteria: 'It says whether the file is valid JSON\nWhere it is not, the line is named',
    }
  }
  const picks = random.chance(0.5)
  return {
    name: picks ? `Which ports does ${service} use?` : `Check the ${service} configuration`,
    description: `/json${picks ? ' $.endpoints[*].port' : ''}\n${text}`,
    acceptanceCriteria: picks
      ? 'Every port is listed, in order'
      : 'The file is valid JSON\nNo name occurs twice',
  }
}

export function contacts(random: Random, at: number): Task {
  const [from, to] = [person(random), person(random)]
  const subject = random.pick([
    'the trade fair',
    'the delivery to Hall 4',
    'next year’s calendar',
    'the window displays',
  ])
  return {
    name: `Who to write to about ${subject}`,
    description: `/extract
From: ${from} <${email(from)}>
To: ${to} <${email(to)}>
Date: ${new Date(at).toUTCString()}

Dear ${to.split(' ')[0]},

about ${subject}: please have it settled by ${date(at + random.int(5, 40) * 86_400_000)}. ${random.pick(remarks)}
Invoices (the last was ${random.int(200, 9000).toLocaleString('en')}.50) go to accounts+${random.int(10, 99)}@example.com, everything else to ${email(person(random))}. The plan is at https://plans.example.org/${random.int(1000, 9999)}/draft?lang=en.

Kind regards, ${from}`,
    acceptanceCriteria:
      'Every email address is listed\nThe link is listed\nThe date it is due by is listed\nThe amount of the last invoice is listed',
  }
}

export function summary(random: Random, at: number): Task {
  const [kind, opening] = random.pick([
    ['incident', 'On the night in question the shop was closed for stock-taking.'],
    ['customer visit', 'The customer received us in the morning and showed us the whole site.'],
    ['feedback round', 'We asked forty customers what they would change first.'],
    ['supplier review', 'The review covers deliveries, quality and the way complaints were handled.'],
  ] as const)
  const count = random.int(2, 4)
  return {
    name: `Summary of the ${kind} report, ${random.pick(places)}`,
    description: `${opening} ${random.some(remarks, random.int(6, 12)).join(' ')} Written on ${date(at)} by ${person(random)}.`,
    acceptanceCriteria: `It has ${count} sentences\nIt says nothing that the report does not say`,
  }
}

export function guests(random: Random, at: number, ordered: boolean): Task {
  const names = Array.from({ length: random.int(8, 24) }, () => person(random))
  return {
    name: `Guest list for ${date(at + 9 * 86_400_000)}`,
    description: [...new Set(names)].join('\n'),
    acceptanceCriteria: `Every guest is on it once${ordered ? '\nSorted in ascending order' : '\nSorted the way the caterer likes it'}`,
  }
}

export function checksums(random: Random, at: number): Task {
  return {
    name: `Fingerprint of the price list of ${date(at)}`,
    description: products.map((product) => `${product};${random.int(9, 480)}.00 EUR`).join('\n'),
    acceptanceCriteria: 'A SHA-256 is given\nThe number of lines is given',
  }
}

/** What the toolbox cannot do and says so: it has no model. */
export function beyond(random: Random): Task {
  const product = random.pick(products)
  return random.pick([
    {
      name: `A slogan for the ${product.toLowerCase()}`,
      description: `We need a slogan for the ${product.toLowerCase()}: warm, short, not silly.`,
      acceptanceCriteria: 'Three suggestions\nNone longer than six words',
    },
    {
      name: `Translate the ${product.toLowerCase()} manual`,
      description: 'Please translate the attached manual into Finnish.',
      acceptanceCriteria: 'All chapters are there',
    },
  ])
}

export function paint(random: Random, what: string, coats: number, minutesEach: number): Task {
  return {
    name: `Watch the paint dry on ${what}`,
    description: `${coats} ${coats === 1 ? 'coat' : 'coats'}, ${minutesEach} minutes a coat. ${random.pick(remarks)}`,
    acceptanceCriteria: 'The last coat is dry\nReadings are given for every coat',
  }
}
