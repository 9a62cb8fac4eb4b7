import { addError, type FieldErrors } from '../errors'
import { type NewJobInput, newJobInput } from '../jobs/input'
import { isDay } from '../zones/calendar'
import type { TemplateJob, TemplateVariable, TemplateView } from './view'

/** `{{name}}`, with spaces inside or not. Braces around anything else are text. */
const blank = /\{\{ *([A-Za-z][A-Za-z0-9_]{0,49}) *\}\}/g

/** What looks like a blank: two braces, a few words, two braces. */
const braces = /\{\{([^{}\r\n]{0,100})\}\}/g

const textsOf = ({ name, description, acceptanceCriteria, tags, metadata }: TemplateJob) => [
  ...[name, description, acceptanceCriteria, ...tags],
  ...Object.values(metadata),
]

/** The variables that the texts of a job use, in the order they come in. */
export function variablesIn(job: TemplateJob): string[] {
  const found = textsOf(job).flatMap((text) => [...text.matchAll(blank)].map(([, name]) => name as string))
  return [...new Set(found)]
}

/** Braces that nobody is asked to fill in, such as `{{due-date}}`: they stay in the texts. Each once, in their order. */
export function unfilledIn(job: TemplateJob): string[] {
  const found = textsOf(job).flatMap((text) => [...text.replaceAll(blank, '').matchAll(braces)])
  return [...new Set(found.map(([written]) => written))]
}

/** A warning about `unfilledIn`, in a sentence; null if there are none. */
export function unfilledWarning(job: TemplateJob): string | null {
  const found = unfilledIn(job)
  if (found.length === 0) return null
  const [shown, more] = [found.slice(0, 5).join(', '), found.length - 5]
  const which = more > 0 ? `${shown} and ${more} more are` : `${shown} ${found.length === 1 ? 'is' : 'are'}`
  return `${which} not filled in. A name is a letter and up to 49 letters, digits or underscores, such as {{due_date}}.`
}

/**
 * Makes a new job's fields of a template. One pass: braces in a value stay as they are.
 *
 * @param values by the variable's name; empty or left out means its default
 * @returns the job, or what is wrong, by the variable's name or the job's field
 */
export function fillTemplate(
  { job, variables }: Pick<TemplateView, 'job' | 'variables'>,
  values: Record<string, string>,
): { input: NewJobInput | null; errors: FieldErrors } {
  const errors: FieldErrors = {}
  const filled = new Map<string, string>()
  for (const variable of variables) {
    const given = Object.hasOwn(values, variable.name) ? values[variable.name]?.trim() : ''
    const value = normalValue(variable, given || (variable.default ?? ''))
    const problem = problemWith(variable, value)
    if (problem) errors[variable.name] = [problem]
    filled.set(variable.name, value)
  }
  if (Object.keys(errors).length > 0) return { input: null, errors }
  let written = 0
  const fill = (text: string) =>
    text.replaceAll(blank, (whole, name: string) => {
      const value = filled.get(name) ?? whole
      written += value.length
      return written > mostWritten ? '' : value
    })
  const parsed = newJobInput.safeParse({
    ...job,
    name: fill(job.name).replaceAll(/\s+/g, ' '),
    description: fill(job.description),
    acceptanceCriteria: fill(job.acceptanceCriteria),
    tags: job.tags.map(fill).filter((tag) => tag.trim() !== ''),
    metadata: Object.fromEntries(Object.entries(job.metadata).map(([key, value]) => [key, fill(value)])),
  })
  if (written > mostWritten)
    return { input: null, errors: { description: ['The values make the texts too long.'] } }
  if (parsed.success) return { input: parsed.data, errors: {} }
  for (const { path, message } of parsed.error.issues) {
    addError(errors, String(path[0] ?? 'name'), message)
  }
  return { input: null, errors }
}

/** More than any job may hold: a long value in thousands of blanks is not written out first. */
const mostWritten = 100_000

const booleans = new Map(
  Object.entries({ yes: ['yes', 'true', 'y', '1'], no: ['no', 'false', 'n', '0'] }).flatMap(
    ([word, spellings]) => spellings.map((each) => [each, word]),
  ),
)

/** A boolean as `yes` or `no`, however spreadsheets and scripts write it; any other value as it is. */
export function normalValue({ type }: Pick<TemplateVariable, 'type'>, value: string): string {
  return type === 'boolean' ? (booleans.get(value.trim().toLowerCase()) ?? value) : value
}

/** The values of a template's variables as `normalValue` has them. */
export const normalValues = (
  { variables }: Pick<TemplateView, 'variables'>,
  values: Record<string, string>,
): Record<string, string> => {
  const types = new Map(variables.map((each) => [each.name, each]))
  const normal = ([name, value]: [string, string]) => {
    const variable = types.get(name)
    return [name, variable ? normalValue(variable, value) : value]
  }
  return Object.fromEntries(Object.entries(values).map(normal))
}

/** Why a value, as `normalValue` has it, is none of its type; undefined where it is, or where nothing is needed. */
export function problemWith(
  { type, required, choices = [] }: TemplateVariable,
  value: string,
): string | undefined {
  if (value === '') return required ? 'Give a value.' : undefined
  if (value.length > mostCharacters[type])
    return `At most ${mostCharacters[type].toLocaleString('en')} characters.`
  if (type === 'text' && /[\r\n]/.test(value)) return 'Give one line.'
  if (type === 'number' && !/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value))
    return 'Give a number, such as 12 or 0.5.'
  if (type === 'date' && !isDay(value)) return 'Give a day as 2030-01-31.'
  if (type === 'choice' && !choices.includes(value)) return `Choose one of: ${choices.join(', ')}.`
  if (type === 'boolean' && value !== 'yes' && value !== 'no') return 'Say yes or no.'
  return undefined
}

const mostCharacters = {
  text: 500,
  longtext: 20_000,
  number: 40,
  date: 10,
  choice: 200,
  boolean: 20,
} as const
