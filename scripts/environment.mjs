/**
 * Loaded before the server (`node --import ./scripts/environment.mjs ...`): reads `.env` where there is one, then sets
 * the defaults that remix-serve reads before Docket's own code runs. What the environment already holds wins.
 * ENV_FILE names another file; empty, none is read.
 */
import { existsSync } from 'node:fs'

const file = process.env.ENV_FILE ?? '.env'
if (file && existsSync(file)) process.loadEnvFile(file)

process.env.NODE_ENV ||= 'production'
process.env.PORT ||= '3000'
process.env.HOST ||= '127.0.0.1'
