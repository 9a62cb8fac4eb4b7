/**
 * Loaded before the server (`node --import ./scripts/environment.mjs ...`): reads `.env` where there is one, then sets
 * the defaults that remix-serve reads before Docket's own code runs. What the environment already holds wins.
 * ENV_FILE names another file, which then must be there; empty, none is read.
 */
import { statSync } from 'node:fs'

const named = process.env.ENV_FILE
const file = named ?? '.env'
if (file) load(file)

function load(file) {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found && !named) return
  try {
    if (!found) throw new Error('is not there')
    if (found.isDirectory()) throw new Error('is a folder')
    process.loadEnvFile(file)
  } catch (error) {
    const why = error.code ? `cannot be read (${error.code})` : error.message
    console.error(`${named ? `ENV_FILE names ${file}, which` : `The settings file ${file}`} ${why}.`)
    process.exit(1)
  }
}

process.env.NODE_ENV ||= 'production'
process.env.PORT ||= '3000'
process.env.HOST ||= '127.0.0.1'
