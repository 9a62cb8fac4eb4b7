import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import { criteriaOf } from '~/domain/jobs/criteria'
import { cut } from '~/domain/payload.server'
import type { EarlierAttempt, JobBrief } from '../adapter'
import type { Format } from './envelope'

/** The most that is told of one thing said earlier, of the newest result, and of all that came before, in characters. */
const maxText = 4_000
const maxResult = 20_000
const maxEarlier = 40_000

const whoItIs =
  'You do jobs that people hand in. Work with care, and hand in what was asked for and nothing else.'

const envelope = `Answer with one JSON object and nothing else: {"question": null, "result": ...}.
"result" is your whole result: a string, or an object where the job asks for data.
Only where you cannot go on without an answer from the person who asked, put your question into "question" and null into "result".`

const plain = `Your whole answer is taken as the result: write nothing before or after it.
Only where you cannot go on without an answer from the person who asked, answer with this JSON object and nothing else: {"question": "..."}.`

const rules: Record<Format, string> = { json_schema: envelope, json_object: envelope, text: plain }

/** What the model is sent: who it is and how to answer, then the job with all that was said of it before. */
export function jobMessages(
  job: JobBrief,
  instructions: string | undefined,
  format: Format,
): ChatCompletionMessageParam[] {
  return [
    { role: 'system', content: `${instructions?.trim() || whoItIs}\n\n${rules[format]}` },
    {
      role: 'user',
      content: [theJob(job), theCriteria(job), theLabels(job), whatCameBefore(job)]
        .filter(Boolean)
        .join('\n\n'),
    },
  ]
}

const theJob = ({ name, description }: JobBrief) => `# ${name}\n\n${description}`.trimEnd()

function theCriteria({ acceptanceCriteria }: JobBrief): string {
  const criteria = criteriaOf(acceptanceCriteria).map((criterion, at) => `${at + 1}. ${criterion}`)
  if (criteria.length === 0) return ''
  return `## Acceptance criteria\n\nThe result is judged by each of these:\n${criteria.join('\n')}`
}

function theLabels({ tags, metadata }: JobBrief): string {
  const lines = [
    ...(tags.length > 0 ? [`Tags: ${tags.join(', ')}`] : []),
    ...Object.entries(metadata).map(([key, value]) => `${key}: ${value}`),
  ]
  return lines.length > 0 ? `## About the job\n\n${lines.join('\n')}` : ''
}

/** The newest attempts come first into what room there is; in the message the oldest comes first. */
function whatCameBefore({ earlier, attempt }: JobBrief): string {
  const newestResult = earlier.findLast(({ result }) => result !== null)
  const told: string[] = []
  let room = maxEarlier
  let left = 0
  for (const each of earlier.toReversed()) {
    const text = oneAttempt(each, each === newestResult ? maxResult : maxText)
    if (text === '') continue
    room -= text.length
    // once one does not fit, no older one is told: there is no gap in between
    if (room >= 0 && left === 0) told.unshift(text)
    else left++
  }
  if (told.length === 0) return ''
  const cutMark = left > 0 ? [`[cut: ${left} earlier ${left === 1 ? 'attempt' : 'attempts'}]`] : []
  const head = `## What came before\n\nThis is attempt ${attempt}. Heed the feedback and the answers below.`
  return [head, ...cutMark, ...told].join('\n\n')
}

function oneAttempt(attempt: EarlierAttempt, resultRoom: number): string {
  const { number, result, error, question, answer, feedback } = attempt
  const parts = [
    ['Result', result && cut(readableResult(result), resultRoom)],
    ['Failed with', error && cut(error, maxText)],
    ['Question', question && cut(question, maxText)],
    ['Answer of the person', answer && cut(answer, maxText)],
    ['Feedback of the person', feedback && cut(feedback, maxText)],
  ].flatMap(([title, text]) => (text ? [`${title}:\n${text}`] : []))
  return parts.length === 0 ? '' : [`### Attempt ${number}`, ...parts].join('\n\n')
}

/** A result that is text is told as text; any other stays the JSON it is. */
function readableResult(json: string): string {
  if (!json.startsWith('"')) return json
  const text: unknown = JSON.parse(json)
  return String(text)
}
