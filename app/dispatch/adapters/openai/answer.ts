import { z } from 'zod'
import { Fault } from './fault'

/** The most of an answer that is taken, in characters. */
const maxAnswer = 5_000_000

const text = z.string().nullish().catch(null)

const said = z
  .object({ content: text, refusal: text, reasoning_content: text, reasoning: text })
  .nullish()
  .catch(null)

/** A chunk of a stream, or a whole answer. Servers differ: what is not as it should be counts as not there. */
const chunkShape = z.object({
  model: z.string().optional().catch(undefined),
  choices: z
    .array(z.object({ delta: said, message: said, finish_reason: text }))
    .catch([])
    .default([]),
  usage: z.record(z.string(), z.unknown()).nullish().catch(null),
})

/** What a model said, whole. */
export interface Answer {
  text: string
  refusal: string
  reasoningCharacters: number
  /** null: it did not come to its end. */
  finishReason: string | null
  model: string | undefined
  /** As the server reports it. */
  usage: Record<string, unknown> | null
}

/** Puts an answer together from its chunks. */
export class Gathered implements Answer {
  text = ''
  refusal = ''
  reasoningCharacters = 0
  finishReason: string | null = null
  model: string | undefined
  usage: Record<string, unknown> | null = null

  /** @throws {Fault} where the answer grows too long */
  add(chunk: unknown): void {
    const read = chunkShape.safeParse(chunk)
    if (!read.success) return
    const [choice] = read.data.choices
    const part = choice?.delta ?? choice?.message
    this.text += part?.content ?? ''
    this.refusal += part?.refusal ?? ''
    this.reasoningCharacters += (part?.reasoning_content ?? part?.reasoning ?? '').length
    this.finishReason = choice?.finish_reason ?? this.finishReason
    this.model ??= read.data.model
    this.usage = read.data.usage ?? this.usage
    if (this.text.length + this.reasoningCharacters + this.refusal.length > maxAnswer) {
      const limit = maxAnswer.toLocaleString('en')
      throw new Fault(`The model wrote more than ${limit} characters.`, { type: 'too_long', passing: false })
    }
  }
}
