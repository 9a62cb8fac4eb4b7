import { useEffect, useState } from 'react'
import { paths } from '~/paths'
import { Button } from './button'
import { forgetDraftOf } from './kept-drafts'
import { dropLate, type Late } from './late-answer'
import { useReadAgain } from './live'
import { Notice } from './Notice'
import { refusalsIn, type Sent } from './send-ahead'

/**
 * Says what became of a form whose page was left, over whatever page there is now. Where it was taken there is nothing
 * to say; what is shown by now may be older than that, though.
 */
export default function LateAnswers({ late }: { late: Late[] }) {
  return (
    <div
      role="alert"
      className="pointer-events-none fixed inset-x-4 bottom-14 z-20 flex flex-col items-center gap-2 print:hidden"
    >
      {late.map((each) => (
        <LateAnswer key={each.id} late={each} />
      ))}
    </div>
  )
}

function LateAnswer({ late }: { late: Late }) {
  const [words, setWords] = useState('')
  const readAgain = useReadAgain()
  useEffect(() => {
    let isOver = false
    void wordsOf(late.sent).then((found) => {
      if (isOver) return
      if (found) return setWords(found)
      forgetDraftOf(late.form)
      readAgain()
      dropLate(late)
    })
    return () => {
      isOver = true
    }
  }, [late, readAgain])
  if (!words) return null
  const show = () => {
    dropLate(late)
    late.show()
  }
  return (
    <div className="pointer-events-auto max-w-xl rounded-md bg-surface shadow-lg">
      <Notice tone="warn" title={late.of}>
        <p>{words}</p>
        <div className="mt-1 flex gap-2">
          {late.sent.trouble === undefined && (
            <Button size="small" onClick={show}>
              Show it
            </Button>
          )}
          <Button size="small" variant="quiet" onClick={() => dropLate(late)}>
            Dismiss
          </Button>
        </div>
      </Notice>
    </div>
  )
}

/** @returns what has to be said; null where the form was taken, and that is all */
async function wordsOf(sent: Sent): Promise<string | null> {
  if (sent.trouble !== undefined) return sent.trouble
  const told = await sent.read()
  if (sent.isLeading)
    return told.redirect?.startsWith(paths.login()) ? 'It was not taken: your session has ended.' : null
  const refusals = refusalsIn(told)
  return refusals
    ? `It was not taken. ${refusals}`
    : 'It is done, and what came of it is shown this one time.'
}
