import type { Desk } from '../desk'
import { NotFound } from '../errors'
import type { UserActor } from '../policy'
import { type Args, statement } from '../sql'
import { defaultSettings, type Settings } from './settings'

/** As the database has them, beside the person; null where nothing was chosen. */
export type StoredSettings = { [Name in keyof Settings]: unknown }

export const settingsColumns = 'o.theme, o.density, o.timeZone, o.notifications, o.shortcuts'
/** For a query whose person is `u`. */
export const settingsJoined = 'LEFT JOIN user_settings o ON o.userId = u.id'

export function settingsOf(row: StoredSettings): Settings {
  if (row.theme === null) return defaultSettings
  const { theme, density, timeZone, notifications, shortcuts } = row as Settings
  return { theme, density, timeZone, notifications, shortcuts: Boolean(shortcuts) }
}

/** The actor's own. */
export async function readSettings(desk: Desk, actor: UserActor): Promise<Settings> {
  const row = await desk.db.first<StoredSettings>(
    `SELECT ${settingsColumns} FROM users u ${settingsJoined} WHERE u.id = ?`,
    [actor.id],
  )
  return row ? settingsOf(row) : defaultSettings
}

/**
 * Changes those of the actor's own that are named. How Docket looks to somebody is nobody else's business: no audit row.
 * @throws {NotFound} where the account is gone or disabled
 */
export async function saveSettings(
  desk: Desk,
  actor: UserActor,
  change: Partial<Settings>,
): Promise<Settings> {
  const names = Object.keys(defaultSettings) as (keyof Settings)[]
  const args: Args = { userId: actor.id, at: desk.now() }
  for (const name of names) {
    args[name] = stored(change[name])
    args[`${name}Default`] = stored(defaultSettings[name])
  }
  const { rows } = await desk.db.write({
    repeatable: true,
    statements: [
      statement(
        `INSERT INTO user_settings (userId, ${names.join(', ')}, updatedAt)
         SELECT u.id, ${names.map((name) => `coalesce(:${name}, :${name}Default)`).join(', ')}, :at
         FROM users u WHERE u.id = :userId AND u.disabledAt IS NULL
         ON CONFLICT (userId) DO UPDATE SET
           ${names.map((name) => `${name} = coalesce(:${name}, ${name})`).join(', ')}, updatedAt = :at`,
        args,
      ),
    ],
    result: statement(
      `SELECT ${settingsColumns} FROM users u ${settingsJoined} WHERE u.id = :userId AND u.disabledAt IS NULL`,
      args,
    ),
  })
  const [row] = rows
  if (!row) throw new NotFound('This account')
  return settingsOf(row as unknown as StoredSettings)
}

const stored = (value: string | boolean | undefined) =>
  typeof value === 'boolean' ? Number(value) : (value ?? null)
