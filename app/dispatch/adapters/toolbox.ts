import { stringify } from 'lossless-json'
import { toolboxConfig } from '~/domain/agents/config'
import { type ToolboxCommand, toolboxCommands } from '~/domain/agents/toolbox-commands'
import { beginning } from '~/domain/beginning'
import type { AgentAdapter, AgentEvent, JobBrief, RunContext, RunOutcome } from './adapter'
import { summariseCsv } from './toolbox/csv'
import { extract } from './toolbox/extract'
import { describeJson, pickJson, readJson } from './toolbox/json'
import { Refusal } from './toolbox/refusal'
import { textStats } from './toolbox/stats'

/** What a tool hands in: its figures and one sentence for people. Numbers may be LosslessNumber. */
type ToolResult = { summary: string } & Record<string, unknown>

/** How much of the input a log row repeats; the whole of it is on the job. */
const loggedInput = 2000

const canDo = `It has no model; it can do: ${toolboxCommands.map((each) => `${each.command} (${each.summary})`).join('; ')}.`

/**
 * Runs inside the server and knows no model: a slash command on the description's first line says what to do, the rest
 * is its input. The result is a JSON object `{ tool, model: null, summary, ... }`.
 */
export const toolbox: AgentAdapter = {
  kind: 'toolbox',

  async test(config) {
    const checked = toolboxConfig.safeParse(config)
    if (!checked.success) return { ok: false, message: 'The toolbox takes no settings.' }
    const { words } = await textStats('Hello from Docket.')
    return { ok: words === 3, message: `It counted ${words} words in “Hello from Docket.” ${canDo}` }
  },

  async run(context) {
    const started = performance.now()
    const usage = () => ({ provider: 'docket.toolbox', durationMs: Math.round(performance.now() - started) })
    try {
      const result = await work(context)
      if (context.signal.aborted) return ended
      return { type: 'submit', result, usage: usage() }
    } catch (error) {
      if (context.signal.aborted || error instanceof NotRecorded) return ended
      const reason = refusal(error)
      if (reason === null) throw error
      return { type: 'fail', reason, retryable: false, usage: usage() }
    }
  },
}

const ended: RunOutcome = { type: 'release', reason: 'The run was ended before it was done.' }

/** The lease is lost: nothing this attempt does counts any more. */
class NotRecorded extends Error {}

function refusal(error: unknown): string | null {
  if (error instanceof Refusal) return error.message
  return error instanceof RangeError ? 'The input is nested too deeply.' : null
}

async function work({ job, emit }: RunContext): Promise<string> {
  const record = (event: AgentEvent) =>
    emit(event).catch((cause: unknown) => {
      throw new NotRecorded('The event could not be recorded', { cause })
    })
  const { tool, input, argument } = readCommand(job.description)
  if (sentBack(job)) {
    await record({
      kind: 'message',
      message:
        'The toolbox has no model and cannot act on feedback: the same input gives the same result. Hand in a new job with other input, or for another agent.',
    })
  }
  const answer = await tools[tool](input, argument)
  const result = stringify({ tool, model: null, ...answer }) ?? 'null'
  await record({
    kind: 'call',
    message: `Ran ${tool} in process, without a model: ${answer.summary}`,
    requestPayload: JSON.stringify({ tool, ...(argument && { path: argument }), input: cut(input) }),
    responsePayload: result,
  })
  return result
}

const tools: Record<ToolboxCommand, (input: string, path: string) => ToolResult | Promise<ToolResult>> = {
  '/stats': async (input) => {
    const stats = await textStats(input)
    return {
      summary: `${count(stats.characters, 'character')}, ${count(stats.words, 'word')}, ${count(stats.sentences, 'sentence')}; ${readingTime(stats.readingTimeSeconds)} to read.`,
      ...stats,
    }
  },
  '/extract': (input) => {
    const found = extract(input)
    return {
      summary: `Found ${count(found.emails.length, 'email address', 'email addresses')}, ${count(found.urls.length, 'URL')}, ${count(found.dates.length, 'date')} and ${count(found.numbers.length, 'number')}.`,
      ...found,
    }
  },
  '/csv': (input) => {
    const csv = summariseCsv(input)
    const missing = csv.columns.reduce((sum, column) => sum + column.missing, 0)
    const isCut = csv.columnCount > csv.columns.length
    const among = isCut ? ` in the first ${csv.columns.length.toLocaleString('en')} columns` : ''
    return {
      summary: `${count(csv.rows, 'row')}, ${count(csv.columnCount, 'column')}, ${count(missing, 'missing value')}${among}.`,
      ...csv,
    }
  },
  '/json': (input, path) => {
    const { document, duplicateNames } = readJson(input)
    const report = describeJson(document, duplicateNames)
    if (!path)
      return { summary: `Valid JSON: ${count(report.nodes, 'value')}, top level: ${report.type}.`, ...report }
    const picked = pickJson(document, path)
    return {
      summary: `${path} picks ${count(picked.matches, 'value')}.`,
      valid: true,
      ...picked,
      duplicateNames,
    }
  },
}

/** The command on the first line that is not blank, what follows it there, and the lines below. */
function readCommand(description: string): { tool: ToolboxCommand; input: string; argument: string } {
  const [, word = '', sameLine = '', below = ''] =
    /^(\S*)[^\S\r\n]*([^\r\n]*)(?:\r\n|\r|\n)?(.*)$/s.exec(description.replace(/^\uFEFF/, '').trimStart()) ??
    []
  const tool = toolboxCommands.find(({ command }) => command === word.toLowerCase())?.command
  if (!tool) {
    throw new Refusal(
      `The toolbox does not know what to do: the description starts with no command. ${canDo}`,
    )
  }
  const argument = tool === '/json' && sameLine.startsWith('$') ? sameLine.trim() : ''
  const input = argument || !sameLine ? below : `${sameLine}\n${below}`
  if (input.trim() === '')
    throw new Refusal(`${tool} has nothing to work on: put its input on the lines below it.`)
  return { tool, input, argument }
}

function sentBack(job: JobBrief): boolean {
  return job.earlier.some(({ feedback }) => feedback !== null)
}

function cut(input: string): string {
  if (input.length <= loggedInput) return input
  return `${beginning(input, loggedInput)}… [cut: ${input.length - loggedInput} more characters]`
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`
}

function readingTime(seconds: number): string {
  return seconds < 60 ? count(seconds, 'second') : count(Math.round(seconds / 60), 'minute')
}
