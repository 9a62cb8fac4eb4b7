import { delimiter, dirname } from 'node:path'
import type { CommandConfig } from '~/domain/agents/config'
import { namesSecret } from '~/domain/agents/secrets'

/** Set so that Docket knows a process of its own again, whatever group it moved to. */
export const attemptVariable = 'DOCKET_ATTEMPT'

const passedOn = /^(?:PATH|HOME|LANG|LC_[A-Z]+|TZ|TMPDIR|TERM)$/

/**
 * All an agent gets of the environment: a few harmless variables of the server's (never its secrets), what its
 * settings name, and which attempt it is. PATH ends with the folder of the Node that runs Docket, so that `node` is
 * always found.
 */
export function scrubbedEnvironment(
  config: CommandConfig,
  attempt: { jobId: string; attemptId: string; work: string },
): Record<string, string> {
  const kept = Object.entries(process.env).flatMap(([name, value]) =>
    passedOn.test(name) && value !== undefined ? [[name, value] as const] : [],
  )
  return {
    ...Object.fromEntries(kept),
    PATH: [process.env.PATH, dirname(process.execPath)].filter(Boolean).join(delimiter),
    ...config.env,
    DOCKET_JOB_ID: attempt.jobId,
    [attemptVariable]: attempt.attemptId,
    DOCKET_WORK: attempt.work,
  }
}

/** `{root}` is Docket's own folder, so that settings survive moving it; `{work}` is the attempt's. */
export function fillIn(template: string, work: string): string {
  return template.replaceAll('{root}', () => process.cwd()).replaceAll('{work}', () => work)
}

/** The values of variables whose names say that they are secret. */
export function secretsIn(env: Record<string, string> = {}): string[] {
  return Object.entries(env).flatMap(([name, value]) => (namesSecret(name) ? [value] : []))
}
