import { Notice } from './Notice'
import { Name } from './name'
import type { FormMeta, Reply } from './reply-form'
import { Time } from './time'

/** What is wrong with the form as a whole and, where others were faster, what they did. */
export function FormErrors({ form, reply }: { form: FormMeta; reply?: Reply }) {
  if (!form.errors?.length) return null
  const changes = reply?.conflict?.changes ?? []
  return (
    <Notice tone="danger" role="alert" id={form.errorId}>
      {form.errors.map((message) => (
        <p key={message}>{message}</p>
      ))}
      {changes.length > 0 && (
        <>
          <p>What happened in between:</p>
          <ul className="list-disc pl-4">
            {changes.map(({ version, what, who, at }) => (
              <li key={version}>
                {what}{' '}
                <span className="text-ink-2">
                  <Name>{who ?? 'Docket'}</Name>, <Time at={at} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Notice>
  )
}
