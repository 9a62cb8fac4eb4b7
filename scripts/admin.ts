import './environment.mjs'
import { adminCommand } from './admin-command'

process.exitCode = await adminCommand(process.argv.slice(2), process.env, {
  out: (line) => console.log(line),
  err: (line) => console.error(line),
})
