import type { Desk } from '~/domain/desk'
import { RetentionRunner } from '~/domain/retention/runner.server'
import { logger } from './log.server'
import { logFailure } from './log-failure.server'

/** Starts what archives and purges old jobs, and logs what it does. */
export function startRetention(desk: Desk): RetentionRunner {
  const retention = new RetentionRunner({
    desk,
    onError: (error) => logFailure('retention', error),
    onRun: (counts) => logger().info(counts, 'retention'),
  })
  retention.start()
  return retention
}
