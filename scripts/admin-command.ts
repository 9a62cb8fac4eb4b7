import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { makeAdmin } from '~/domain/accounts/admins.server'
import { enableUser } from '~/domain/accounts/disable.server'
import { setTemporaryPassword } from '~/domain/accounts/reset-password.server'
import { recordBackup, recordRestore, restoreFile, writeBackup } from '~/domain/backups.server'
import { checkRecords } from '~/domain/check-records.server'
import type { Desk } from '~/domain/desk'
import { DomainError, NotFound } from '~/domain/errors'
import { system } from '~/domain/policy'
import { resetTwoFactor } from '~/domain/two-factor/disable.server'
import { type Environment, readEnvironment } from '~/environment.server'
import { openDatabase, pathOf } from '~db/client.server'
import { CannotStart, isUnavailable, OutcomeUnknown } from '~db/errors'
import { setLogAside } from '~db/lost-file.server'
import { migrate } from '~db/migrate.server'
import { migrationSentence, unavailableSentence } from '~db/unavailable-sentence'

export const usage = `For a stopped server. A running one has the same on its pages and by its API.

  npm run admin -- reset-password EMAIL   sets a temporary password, shows it, and ends all sessions
  npm run admin -- reset-2fa EMAIL        turns off an account's two-factor authentication
  npm run admin -- make-admin EMAIL       makes an account an admin's
  npm run admin -- enable EMAIL           lets a disabled account sign in again
  npm run admin -- backup FILE            copies the database into a new file
  npm run admin -- restore FILE           puts a backup in the database's place, and keeps the replaced one
  npm run admin -- check                  reads the whole database and lists what is wrong with it
  npm run admin -- new-database           makes an empty database where there has been another one

The database is DATABASE_URL, from the environment or .env (default file:./data/docket.db).
`

interface Terminal {
  out(line: string): void
  err(line: string): void
}

type Command<Argument> = (environment: Environment, argument: Argument) => Promise<string>

/** Those that stand alone. */
const plainCommands: Record<string, Command<void>> = {
  check: (environment) => {
    const path = fileOnly(environment)
    return onDesk(
      environment,
      async ({ db }) => {
        const problems = await checkRecords(db)
        if (problems.length > 0) throw new CannotStart(problems.join('\n'))
        return `${path} was read as a whole, and nothing is wrong with it.`
      },
      { migrated: false },
    )
  },

  'new-database': async (environment) => {
    const path = fileOnly(environment)
    if (existsSync(path)) throw new CannotStart(`There is a database ${path} already. Move it away first.`)
    setLogAside(path)
    const db = await openDatabase({ url: environment.DATABASE_URL, makeNew: true })
    await migrate(db)
    await db.release()
    db.close()
    return `${path} is a new, empty database.`
  },
}

const commands: Record<string, Command<string>> = {
  'reset-password': (environment, email) =>
    onDesk(environment, async (desk) => {
      const password = await setTemporaryPassword(desk, email)
      return `The password of ${email} is now:\n\n  ${password}\n\nAll of its sessions and API tokens are ended. Sign in with this password and change it under Settings. Two-factor authentication stays on; \`reset-2fa\` turns it off.`
    }),

  'reset-2fa': (environment, email) =>
    onDesk(environment, async (desk) => {
      const user = await resetTwoFactor(desk, system, email)
      return `${user.email} signs in with the password alone, and can set up two-factor authentication again.`
    }),

  'make-admin': (environment, email) =>
    onDesk(environment, async (desk) => {
      const user = await makeAdmin(desk, system, email)
      return `${user.email} is an admin.`
    }),

  enable: (environment, email) =>
    onDesk(environment, async (desk) => {
      const user = await enableUser(desk, system, email)
      return `${user.email} can sign in.`
    }),

  backup: (environment, file) => {
    fileOnly(environment)
    return onDesk(
      environment,
      async (desk) => {
        await writeBackup(desk, resolve(file))
        const note = await onRecord(recordBackup(desk, system, basename(file), { path: resolve(file) }))
        return `The database was copied to ${resolve(file)}.${note}`
      },
      // a copy for safety, perhaps before an update, is of the database as it is
      { migrated: false },
    )
  },

  async restore(environment, file) {
    const path = fileOnly(environment)
    const replaced = await restoreFile(path, resolve(file))
    const note = await onRecord(
      onDesk(environment, (desk) => recordRestore(desk, basename(file), replaced), { migrated: false }),
    )
    return `${path} is now a copy of ${resolve(file)}.${replaced ? `\nThe database that was there before is kept as ${replaced}.` : ''}${note}`
  },
}

/** What is done is done, and is not called a failure where the audit takes no row. */
const onRecord = (row: Promise<void>) =>
  row.then(
    () => '',
    () => '\nThe audit could not take a row about it.',
  )

/** @param args what follows `npm run admin --` @returns the exit code: 0 done, 1 refused, 2 not understood */
export async function adminCommand(
  args: string[],
  variables: Record<string, string | undefined>,
  { out, err }: Terminal,
): Promise<number> {
  const [name = '', argument = '', ...more] = args
  if (['help', '--help', '-h'].includes(name)) {
    out(usage)
    return 0
  }
  const command = commandFor(name, argument)
  if (!command || more.length > 0) {
    err(usage)
    return 2
  }
  try {
    out(await command(readEnvironment(variables)))
    return 0
  } catch (error) {
    err(sentenceFor(error, argument))
    return 1
  }
}

function commandFor(
  name: string,
  argument: string,
): ((environment: Environment) => Promise<string>) | undefined {
  if (!argument) return Object.hasOwn(plainCommands, name) ? plainCommands[name] : undefined
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  return command && ((environment) => command(environment, argument))
}

async function onDesk<T>(
  environment: Environment,
  act: (desk: Desk) => Promise<T>,
  { migrated = true } = {},
): Promise<T> {
  const { DATABASE_URL: url, DATABASE_AUTH_TOKEN: authToken } = environment
  if (url.startsWith('file:') && !existsSync(pathOf(url))) {
    throw new CannotStart(`There is no database ${pathOf(url)}. Set DATABASE_URL, or start Docket once.`)
  }
  const db = await openDatabase({ url, authToken, ownerWaitMs: 500, serverWaitMs: 0 })
  const explain = (sentence: typeof migrationSentence) => (error: unknown) => {
    const isKnown = isUnavailable(error) && !(error instanceof OutcomeUnknown)
    throw isKnown ? new CannotStart(sentence({ url, authToken }, error)) : error
  }
  try {
    if (migrated) await migrate(db).catch(explain(migrationSentence))
    return await act({ db, now: Date.now }).catch(explain(unavailableSentence))
  } finally {
    await db.release().catch(() => undefined)
    db.close()
  }
}

function fileOnly({ DATABASE_URL: url }: Environment): string {
  if (url.startsWith('file:')) return pathOf(url)
  throw new CannotStart('The database is on a libSQL server: back it up and restore it there.')
}

function sentenceFor(error: unknown, argument: string): string {
  if (error instanceof NotFound) return `There is no account ${argument}.`
  if (error instanceof CannotStart || error instanceof DomainError) return error.message
  if (error instanceof OutcomeUnknown) return error.message
  if (isUnavailable(error)) return 'The database does not answer or takes no changes. Nothing was changed.'
  // the error's own text may hold what was to be stored
  return `That did not work (${error instanceof Error ? error.name : 'unknown error'}). Nothing is known to have changed.`
}
