/**
 * Another process at the database, for tests of what two processes do to each other:
 *
 *   tsx tests/support/database-process.ts hold URL       opens it, keeps it until told to go on
 *   tsx tests/support/database-process.ts migrate URL    opens it, migrates when told to go on
 *
 * It says `ready`, goes on at the first line on stdin (or its end), and says `done`.
 */
import { once } from 'node:events'
import { openDatabase } from '~db/client.server'
import { migrate } from '~db/migrate.server'

const [what, url = ''] = process.argv.slice(2)
const db = await openDatabase({ url })
process.stdout.write('ready\n')
await Promise.race([once(process.stdin, 'data'), once(process.stdin, 'end')])
if (what === 'migrate') await migrate(db)
db.close()
process.stdout.write('done\n')
process.exit(0)
