/**
 * Loaded before the server (`node --import ./scripts/environment.mjs ...`): reads `.env` where there is one, then sets
 * the defaults that remix-serve reads before Docket's own code runs. What the environment already holds wins.
 * ENV_FILE names another file, which then must be there; empty, none is read.
 */
import { statSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'

const named = process.env.ENV_FILE
const file = named ?? '.env'
try {
  const found = file ? statSync(file, { throwIfNoEntry: false }) : undefined
  if (found?.isDirectory()) refuse('is a folder')
  if (named && !found) refuse('is not there')
  if (found) process.loadEnvFile(file)
} catch (error) {
  refuse(`cannot be read (${error instanceof Error && 'code' in error ? error.code : error})`)
}

/** @param {string} why */
function refuse(why) {
  console.error(`${named ? `ENV_FILE names ${named}, which` : 'The settings file .env'} ${why}.`)
  process.exit(1)
}

process.env.NODE_ENV ||= 'production'
process.env.PORT ||= '3000'
process.env.HOST ||= '127.0.0.1'

// the heap holds 30 % more than is in use, instead of up to four times as much: 100 MB less after many pages
setFlagsFromString('--heap-growing-percent=30')
