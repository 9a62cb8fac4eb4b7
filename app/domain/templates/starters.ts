import type { TemplateVariable, TemplateView } from './view'

/** Templates to start from: each fills the form of a new one. The toolbox does their jobs without a model. Pure. */

export interface Starter extends Pick<TemplateView, 'name' | 'description' | 'shared' | 'job' | 'variables'> {
  /** In an address. */
  slug: string
}

const job = {
  ...{ agentId: null, priority: null, maxAttempts: null, timeoutSeconds: null, review: null },
  metadata: {},
}
const required = (
  name: string,
  label: string,
  type: TemplateVariable['type'] = 'text',
): TemplateVariable => ({ ...{ name, label, type, required: true, default: null } })

export const starters: readonly Starter[] = [
  {
    slug: 'table',
    name: 'Describe a table',
    description: 'What is in each column of a CSV export, before anybody relies on it.',
    shared: false,
    job: {
      ...job,
      name: 'Describe the columns of {{table}}',
      description: '/csv\n{{rows}}',
      acceptanceCriteria:
        'Every column is listed with its type\nMissing values are counted\nNumbers have their least, greatest and mean',
      tags: ['data'],
    },
    variables: [required('table', 'What the table is'), required('rows', 'The table, as CSV', 'longtext')],
  },
  {
    slug: 'contacts',
    name: 'Contact details of a message',
    description: 'Addresses, links, dates and amounts out of a message that somebody sent.',
    shared: false,
    job: {
      ...job,
      name: 'Contact details: message from {{sender}}',
      description: '/extract\n{{message}}',
      acceptanceCriteria: 'Every email address is listed\nEvery link is listed\nEvery date is listed',
      tags: ['inbox', '{{kind}}'],
    },
    variables: [
      required('sender', 'Who sent it'),
      required('message', 'The message', 'longtext'),
      {
        ...{ name: 'kind', label: 'Kind', type: 'choice', required: true, default: 'question' },
        choices: ['question', 'invoice', 'complaint'],
      },
    ],
  },
  {
    slug: 'length',
    name: 'Length of a draft',
    description: 'Whether a text keeps to the number of words it may have.',
    shared: false,
    job: {
      ...job,
      name: 'Measure “{{title}}”',
      description: '/stats\n{{draft}}',
      acceptanceCriteria:
        'The number of words is given\nIt has at most {{words}} words\nA reading time is given',
      tags: ['writing'],
    },
    variables: [
      required('title', 'Title'),
      required('draft', 'The draft', 'longtext'),
      { ...{ name: 'words', label: 'Words at most', type: 'number', required: true, default: '500' } },
    ],
  },
]

export const starterOf = (slug: string | null) => starters.find((each) => each.slug === slug)
