import { delimiter, dirname } from 'node:path'
import type { CommandConfig } from '~/domain/agents/config'

/** Set so that Docket knows a process of its own again, whatever group it moved to. */
export const attemptVariable = 'DOCKET_ATTEMPT'

const passedOn = /^(?:PATH|HOME|LANG|LC_[A-Z]+|TZ|TMPDIR|TERM)$/
const secretName = /KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH/i

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

/** Replaces the values of secret-looking variables, should the agent print one, before anything is recorded. */
export function redactor(env: Record<string, string> = {}): (text: string) => string {
  const secrets = Object.entries(env)
    .filter(([name, value]) => secretName.test(name) && value.length >= 8)
    .map(([, value]) => value)
  return (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, '[redacted]'), text)
}
