import { z } from 'zod'
import { addError, type FieldErrors, Invalid } from '../errors'
import { lookup } from '../lookup'
import { valueField } from '../schedules/view'
import { unfilledWarning, variablesIn } from './fill'
import { mostVariables, newTemplateInput, templateChangeInput, wordsOf } from './input'
import { type TemplateJob, type TemplateVariable, type TemplateView, variableField } from './view'

/**
 * A template as its form sends it: the job's fields and the settings of each variable in fields of their own. Variables
 * that the texts use for the first time are not saved yet: the form comes back and asks what they are. Pure.
 */

export type TemplateFormValue = Record<string, string | undefined>
type Sent = Record<string, unknown>

const textOf = (sent: Sent, field: string) => (typeof sent[field] === 'string' ? (sent[field] as string) : '')
const linesOf = (text: string) => text.split(/\r\n?|\n/).filter((line) => line.trim() !== '')

/** Tags with blanks in them may hold spaces: they are parted by commas alone. */
const tagsOf = (text: string) =>
  text
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean)

const metadataOf = (text: string) =>
  Object.fromEntries(
    linesOf(text).map((line) => {
      const at = line.indexOf('=')
      return at < 0 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()]
    }),
  )

const jobOf = (sent: Sent) => ({
  name: textOf(sent, 'jobName'),
  description: textOf(sent, 'jobDescription'),
  acceptanceCriteria: textOf(sent, 'acceptanceCriteria'),
  agentId: textOf(sent, 'agentId'),
  priority: textOf(sent, 'priority'),
  maxAttempts: textOf(sent, 'maxAttempts'),
  timeoutSeconds: textOf(sent, 'timeoutSeconds'),
  review: textOf(sent, 'review'),
  tags: tagsOf(textOf(sent, 'tags')),
  metadata: metadataOf(textOf(sent, 'metadata')),
})

/** The job's texts as they are typed, before anything is checked. */
const typedJob = (sent: Sent) => jobOf(sent) as unknown as TemplateJob

const usedIn = (sent: Sent) => variablesIn(typedJob(sent)).slice(0, mostVariables)

/** The variables whose settings the form did not ask for. */
const newIn = (sent: Sent) => usedIn(sent).filter((name) => sent[variableField('type', name)] === undefined)

const variableOf = (sent: Sent, name: string) => ({
  name,
  label: textOf(sent, variableField('label', name)),
  type: textOf(sent, variableField('type', name)),
  required: sent[variableField('required', name)] === 'on',
  default: textOf(sent, variableField('default', name)),
  choices: linesOf(textOf(sent, variableField('choices', name))).map((line) => line.trim()),
})

const templateForm = <Input>(schema: z.ZodType<Input>) =>
  z.unknown().transform((given, context) => {
    const sent = given as Sent
    if (sent.look !== undefined || newIn(sent).length > 0) {
      return { ask: newIn(sent), names: usedIn(sent), warning: unfilledWarning(typedJob(sent)) }
    }
    const names = usedIn(sent)
    const parsed = schema.safeParse({
      name: textOf(sent, 'name'),
      description: textOf(sent, 'about'),
      shared: sent.shared === 'on',
      ...(/^\d+$/.test(textOf(sent, 'version')) && { version: Number(sent.version) }),
      job: jobOf(sent),
      variables: names.map((name) => variableOf(sent, name)),
    })
    if (parsed.success) return { save: parsed.data }
    for (const { path, message } of parsed.error.issues)
      context.addIssue({ code: 'custom', path: [fieldFor(path, names)], message })
    return z.NEVER
  })

export const newTemplateForm = templateForm(newTemplateInput)
export const templateChangeForm = templateForm(templateChangeInput)

const jobFields: Record<string, string> = { name: 'jobName', description: 'jobDescription' }

function fieldFor([first, second, third]: PropertyKey[], names: string[]): string {
  if (first === 'job') return lookup(jobFields, String(second)) ?? String(second ?? 'jobName')
  if (first === 'description') return 'about'
  const name = first === 'variables' && typeof second === 'number' ? names[second] : undefined
  if (name === undefined) return String(first)
  const setting = third === 'choices' || third === 'label' || third === 'type' ? third : 'default'
  return variableField(setting, name)
}

/** A template as its form shows it. */
export function templateFormValue(
  from: Pick<TemplateView, 'name' | 'description' | 'shared' | 'job' | 'variables'>,
): TemplateFormValue {
  const { job, variables } = from
  const number = (value: number | null) => (value === null ? '' : String(value))
  return {
    ...{ name: from.name, about: from.description, shared: from.shared ? 'on' : undefined },
    ...{ jobName: job.name, jobDescription: job.description, acceptanceCriteria: job.acceptanceCriteria },
    ...{ agentId: job.agentId ?? '', review: job.review ?? 'required' },
    ...{ priority: number(job.priority), maxAttempts: number(job.maxAttempts) },
    timeoutSeconds: number(job.timeoutSeconds),
    tags: job.tags.join(', '),
    metadata: Object.entries(job.metadata)
      .map(([key, value]) => `${key}=${value}`)
      .join('\n'),
    ...Object.assign({}, ...variables.map(variableValue)),
  }
}

const variableValue = (variable: TemplateVariable): TemplateFormValue => ({
  [variableField('type', variable.name)]: variable.type,
  [variableField('label', variable.name)]: variable.label,
  [variableField('default', variable.name)]: variable.default ?? '',
  [variableField('choices', variable.name)]: (variable.choices ?? []).join('\n'),
  [variableField('required', variable.name)]: variable.required ? 'on' : undefined,
})

/** What a form shows of a variable that is new: a required text. */
export const newVariableValue = (name: string) =>
  variableValue({ name, label: wordsOf(name), type: 'text', required: true, default: null })

const valuePrefix = valueField('')

/** The values for one job, each in a field of its own. */
export const templateValuesForm = z.unknown().transform((sent) => ({
  values: Object.fromEntries(
    Object.entries(sent as Sent).flatMap(([field, value]) =>
      field.startsWith(valuePrefix) && typeof value === 'string'
        ? [[field.slice(valuePrefix.length), value]]
        : [],
    ),
  ),
}))

/** Waits for a job to be made; what is wrong is said at the value's field, and what is wrong with the whole at `values`. */
export async function atValueFields<Done>(names: string[], verb: Promise<Done>): Promise<Done> {
  try {
    return await verb
  } catch (error) {
    if (!(error instanceof Invalid)) throw error
    const fields: FieldErrors = {}
    for (const [field, messages] of Object.entries(error.fields)) {
      if (names.includes(field)) fields[valueField(field)] = messages
      else for (const message of messages) addError(fields, 'values', `The job’s ${field}: ${message}`)
    }
    throw new Invalid(fields)
  }
}
