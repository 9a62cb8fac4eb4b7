/** `npm run icons`: `app/ui/icons.svg`, made anew of what `app/ui/icons.ts` names. */

import { writeFileSync } from 'node:fs'
import { iconSprite } from './icons/sprite'

writeFileSync(new URL('../app/ui/icons.svg', import.meta.url), await iconSprite())
