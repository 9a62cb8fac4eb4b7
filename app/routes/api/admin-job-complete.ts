import { Invalid } from '~/domain/errors'
import { completeJob } from '~/domain/jobs/complete.server'
import { completionInput } from '~/domain/jobs/input'
import { maxResult, tooLong } from '~/domain/jobs/result-text'
import { deskVerbDoor } from '~/http/job-verb.server'
import { exactField } from '~/http/present'

const door = deskVerbDoor(completionInput, completeJob, ({ result, ...rest }, text) => {
  if (result == null) return rest
  const json = exactField(text, 'result')
  if (json === undefined) throw new Invalid({ result: ['It names a key twice, or nests too deeply.'] })
  if (json.length > maxResult) throw new Invalid({ result: [tooLong] })
  return { ...rest, result: json }
})
export const loader = door.loader
export const action = door.action
