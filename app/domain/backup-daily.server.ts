import { type BackupView, removeBackup } from './backup-files.server'
import { listBackups, recordBackupRemoval, takeBackup } from './backups.server'
import type { Desk } from './desk'
import { system } from './policy'

const dayMs = 24 * 3_600_000

/**
 * Takes a backup if the newest daily one is a day old, and then removes daily ones until `keep` are left. Backups that
 * people took stay.
 *
 * @returns the backup; null if none was due
 * @throws as {@link takeBackup}
 */
export async function takeDailyBackup(desk: Desk, keep: number): Promise<BackupView | null> {
  const daily = async () => (await listBackups(desk)).filter(({ kind }) => kind === 'daily')
  const [newest] = await daily()
  if (newest && desk.now() - newest.takenAt < dayMs) return null
  const taken = await takeBackup(desk, system, 'daily')
  for (const { name } of (await daily()).slice(keep)) {
    await removeBackup(desk.db.path as string, name)
    await recordBackupRemoval(desk, system, name)
  }
  return taken
}
