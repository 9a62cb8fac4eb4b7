import type { ReviewPolicy } from '~db/vocabulary'

export const variableTypes = ['text', 'longtext', 'number', 'date', 'choice', 'boolean'] as const
export type VariableType = (typeof variableTypes)[number]

/** A blank of a template, which whoever makes a job from it fills in. */
export interface TemplateVariable {
  /** As the texts have it: `{{name}}`. */
  name: string
  /** As forms have it. */
  label: string
  type: VariableType
  required: boolean
  /** What it is where nothing is given; null: nothing. */
  default: string | null
  /** For `choice` alone. */
  choices?: string[]
}

/** A new job's fields; the texts, tags and values of the metadata may hold `{{variables}}`. Null: the usual. */
export interface TemplateJob {
  name: string
  description: string
  acceptanceCriteria: string
  agentId: string | null
  priority: number | null
  maxAttempts: number | null
  timeoutSeconds: number | null
  review: ReviewPolicy | null
  tags: string[]
  metadata: Record<string, string>
}

/** Times are milliseconds since 1970 UTC. */
export interface TemplateView {
  id: string
  ownerId: string
  ownerName: string
  name: string
  description: string
  job: TemplateJob
  variables: TemplateVariable[]
  /** Whether everyone may see it and make jobs from it. */
  shared: boolean
  version: number
  createdAt: number
  updatedAt: number
}

/** The form's field of one setting of a variable. */
export const variableField = (setting: 'type' | 'label' | 'default' | 'choices' | 'required', name: string) =>
  `var_${setting}_${name}`

/** What a CSV text would make. Rows are counted as a spreadsheet does: the column names are row 1. */
export interface CsvPreview {
  rows: number
  good: number
  bad: { row: number; errors: Record<string, string[]> }[]
  /** The first five jobs. */
  first: {
    row: number
    name: string
    description: string
    acceptanceCriteria: string
    priority: number
    tags: string[]
  }[]
}

/** Which schedules use a template. */
export interface TemplateUsage {
  /** Those that the viewer may see, at most twenty. */
  schedules: { id: string; name: string; ownerName: string }[]
  /** How many there are altogether, counted up to a hundred. */
  total: number
}
