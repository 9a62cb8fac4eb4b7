import { parse } from 'lossless-json'

/** How a person types a result. */
export const resultFormats = ['json', 'text'] as const
export type ResultFormat = (typeof resultFormats)[number]

/** The longest result that a person sets, in characters. */
export const maxResult = 500_000

/** What was typed as the JSON text that is stored, with numbers as they were written; or what is wrong with it, and where. */
export function resultJson(
  typed: string,
  format: ResultFormat,
): { json: string; problem?: undefined } | { json?: undefined; problem: string } {
  if (typed.length > maxResult) return { problem: tooLong }
  if (format === 'text') return { json: JSON.stringify(typed) }
  const problem = jsonProblem(typed)
  return problem ? { problem } : { json: typed.trim() }
}

export const tooLong = `The result is at most ${maxResult.toLocaleString('en')} characters.`

/** Why a text is not JSON, with line and column; undefined where it is. */
function jsonProblem(text: string): string | undefined {
  try {
    parse(text)
    return undefined
  } catch (error) {
    if (!(error instanceof SyntaxError)) return 'This JSON nests too deeply.'
    const [, what = error.message, position = ''] = /^(.*) at position (\d+)$/s.exec(error.message) ?? []
    const before = text.slice(0, Number(position)).split('\n')
    const column = (before.at(-1)?.length ?? 0) + 1
    return `This is not JSON, at line ${before.length}, column ${column}: ${what}. To keep it as it is, choose text.`
  }
}
