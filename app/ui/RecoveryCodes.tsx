/** New recovery codes, shown this one time; a click selects all of them, and the page can be printed. */
export function RecoveryCodes({ codes }: { codes: string[] }) {
  return (
    <div className="flex flex-col gap-2">
      <p>
        Each of these codes signs you in once without your authenticator app. Print this page or keep them in
        a password manager: they are not shown again.
      </p>
      <pre className="overflow-x-auto rounded-md border border-line bg-hover p-3 font-mono text-sm leading-6 select-all">
        {codes.join('\n')}
      </pre>
    </div>
  )
}
