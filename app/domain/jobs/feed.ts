import type { LogView } from './view'

/** One log row as it happens, with the job that it is about. */
export interface FeedEntry<Payload = string> extends LogView<Payload> {
  jobId: string
  jobName: string
  /** Whose job it is. */
  ownerId: string
}
