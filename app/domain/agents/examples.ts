import type { CommandConfigInput } from './config'

/** The agents that work offline, and a job for each thing the toolbox can do to start from. Pure. */

export const toolboxAgent = {
  name: 'Toolbox',
  description:
    'Built in, without a model: text statistics, extraction, CSV summaries and JSON, by slash commands.',
  config: {},
} as const

/** An example under examples/agents/; `{root}` keeps it working when Docket's folder moves. */
export const localCommand: { name: string; description: string; config: CommandConfigInput } = {
  name: 'Local command',
  description:
    'Runs examples/agents/summarize.mjs: a summary made of the most telling sentences. It has no model.',
  config: { argv: ['node', '{root}/examples/agents/summarize.mjs'], timeoutSeconds: 300 },
}

export interface ExampleJob {
  name: string
  description: string
  /** One checkable line per line. */
  acceptanceCriteria: string
}

/** One for each command, in the order of `toolboxCommands` (`toolbox-commands.ts`). The first three run at once after setup. */
export const toolboxExamples: readonly ExampleJob[] = [
  {
    name: 'Measure the opening of Alice in Wonderland',
    description: `/stats
Alice was beginning to get very tired of sitting by her sister on the bank, and of having nothing to do: once or twice she had peeped into the book her sister was reading, but it had no pictures or conversations in it, “and what is the use of a book,” thought Alice “without pictures or conversations?”

So she was considering in her own mind (as well as she could, for the hot day made her feel very sleepy and stupid), whether the pleasure of making a daisy-chain would be worth the trouble of getting up and picking the daisies, when suddenly a White Rabbit with pink eyes ran close by her.`,
    acceptanceCriteria: `The number of words is given
The number of sentences is given
A reading time is given
The most frequent words are listed with their counts`,
  },
  {
    name: 'Pull the contact details out of a message',
    description: `/extract
Hi Sam,

the workshop is on 2026-03-14 from 9:30, the dinner on March 15, 2026. Please sign up at https://workshop.example.org/register?ref=mail (the programme is at https://workshop.example.org/programme).

We have 24 places and 3 scholarships of 1,250.50 each. Questions go to maria.lopez@example.org; invoices to billing@example.org.

Best, Maria`,
    acceptanceCriteria: `Both email addresses are listed
Both links are listed, without the punctuation after them
Both dates are listed
The amount 1,250.50 is among the numbers`,
  },
  {
    name: 'Describe the columns of the spring orders',
    description: `/csv
order,customer,placed,items,total,express
1001,Fern & Co,2026-03-02,3,42.50,yes
1002,"Otter, Ltd",2026-03-02,1,18.00,no
1003,Fern & Co,2026-03-05,12,310.75,no
1004,Blue Kiln,2026-03-09,,95.20,yes
1005,"Otter, Ltd",2026-03-11,2,37.40,no`,
    acceptanceCriteria: `Every one of the six columns is listed with its type
The column items has 1 missing value
The mean of total is 100.77
The column customer has 3 distinct values`,
  },
  {
    name: 'Pick the tracking numbers from a shipment record',
    description: `/json $.shipments[*].tracking
{
  "account": "fern",
  "shipments": [
    { "id": 1, "tracking": 9007199254740993, "delivered": true },
    { "id": 2, "tracking": 12345678901234567890, "delivered": false }
  ]
}`,
    acceptanceCriteria: `Two values are picked
The first is 9007199254740993, digit for digit
The second is 12345678901234567890, digit for digit`,
  },
]
