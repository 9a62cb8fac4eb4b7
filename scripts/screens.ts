/**
 * `npm run screens`: the pages as they are, photographed into docs/screens in light and dark, at 768 and 320 pixels,
 * some at 2560, and without JavaScript. `npm run screens -- newcomer`, `finding`, `record`, `admin` or `others` makes a part of them.
 */

import { photographAdmin } from './screens/admin'
import { openBrowser } from './screens/camera'
import { photographFinding } from './screens/finding'
import { photographNewcomer } from './screens/newcomer'
import { photographOthers } from './screens/others'
import { photographRecord } from './screens/record'

const parts = {
  newcomer: photographNewcomer,
  finding: photographFinding,
  record: photographRecord,
  admin: photographAdmin,
  others: photographOthers,
}

const wanted = process.argv.slice(2)
const browser = await openBrowser()
try {
  for (const [name, part] of Object.entries(parts)) {
    if (wanted.length === 0 || wanted.includes(name)) await part(browser)
  }
} finally {
  await browser.close()
}
