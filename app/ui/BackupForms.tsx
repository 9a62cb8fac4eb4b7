import { Form } from '@remix-run/react'
import { CurrentPassword } from './CurrentPassword'
import { FormErrors, PostForm, type Reply, SubmitButton } from './forms'
import { FormActions, Section } from './page'
import { useReplyForm } from './reply-form'

interface BackupFormsProps {
  /** Whether the next start restores it. */
  isStaged: boolean
  /** Why one of the forms was not taken. */
  reply: Reply | undefined
}

/** What a backup is for. Both ask for the password: it holds everybody's data, and everybody's access. */
export function BackupForms({ isStaged, reply }: BackupFormsProps) {
  return (
    <>
      <Section
        title="Download"
        description="The file holds all jobs and accounts, and the keys of agents. Keep it as safe as the server."
      >
        <DownloadForm reply={replyTo('download', reply)} />
      </Section>
      {isStaged ? (
        <Section title="Restore">
          <p className="text-warn">Restored at the next start</p>
        </Section>
      ) : (
        <Section
          title="Restore"
          description="At the next start this takes the database's place, accounts, passwords, tokens and sessions included. The file is checked first."
        >
          <RestoreForm reply={replyTo('restore', reply)} />
        </Section>
      )}
    </>
  )
}

const replyTo = (intent: string, reply: Reply | undefined) =>
  reply?.reply.initialValue?.intent === intent ? reply : undefined

/** Sent by the browser itself, since the answer is a file: the page stays, and so would the password. */
function DownloadForm({ reply }: { reply: Reply | undefined }) {
  const [form, fields] = useReplyForm<{ currentPassword: string }>({ id: 'download', reply })
  return (
    <Form
      method="post"
      id={form.id}
      reloadDocument
      onSubmit={({ currentTarget }) => setTimeout(() => currentTarget.reset())}
      className="flex flex-col gap-4"
    >
      <FormErrors form={form} />
      <CurrentPassword field={fields.currentPassword} autoFocus={reply !== undefined} />
      <FormActions>
        <SubmitButton name="intent" value="download">
          Download
        </SubmitButton>
      </FormActions>
    </Form>
  )
}

function RestoreForm({ reply }: { reply: Reply | undefined }) {
  const [form, fields] = useReplyForm<{ currentPassword: string }>({ id: 'restore', reply })
  return (
    <PostForm form={form} className="flex flex-col gap-4">
      <FormErrors form={form} />
      <CurrentPassword field={fields.currentPassword} />
      <FormActions>
        <SubmitButton name="intent" value="restore" variant="danger" pendingLabel="Checking…">
          Restore it at the next start
        </SubmitButton>
      </FormActions>
    </PostForm>
  )
}
