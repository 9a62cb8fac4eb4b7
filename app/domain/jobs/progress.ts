import type { LogView } from './view'

/** How far an agent says it is. Pure. */
export interface Progress {
  /** 0 to 100. */
  percent: number
  /** Empty where it only said how far. */
  message: string
  /** Milliseconds since 1970 UTC. */
  at: number
  /** The row of the log that says so. */
  number: number
}

/** @returns what a row of the kind `progress` says; null where that is no percentage */
export function progressOf(row: Pick<LogView<unknown>, 'number' | 'message' | 'createdAt'>): Progress | null {
  const [, percent, message = ''] = /^(\d{1,3})%(?:: )?(.*)$/s.exec(row.message ?? '') ?? []
  if (percent === undefined) return null
  return { percent: Number(percent), message, at: row.createdAt, number: row.number }
}

/**
 * The newer of what was read and of what was heard since then, which may be that another attempt began.
 * @param heard rows of the log, oldest first
 */
export function newestProgress(
  read: Progress | null,
  heard: Pick<LogView<unknown>, 'number' | 'kind' | 'message' | 'createdAt'>[],
): Progress | null {
  const last = heard.findLast(({ kind }) => kind === 'progress' || kind === 'claim')
  if (!last || last.number <= (read?.number ?? 0)) return read
  return last.kind === 'progress' ? progressOf(last) : null
}
