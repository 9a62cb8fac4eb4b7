/** The name with its mark: a docket with one line ticked off. */
export function WordMark() {
  return (
    <span className="inline-flex items-center gap-2 font-semibold tracking-tight">
      <svg aria-hidden="true" viewBox="0 0 20 20" className="size-5 text-accent" fill="none">
        <path
          d="M4 1.75h9L16.25 5v12.5l-2.05-1.4-2.05 1.4-2.05-1.4-2.05 1.4L6 16.1l-2 1.4Z"
          fill="currentColor"
        />
        <path
          d="m6.9 9 2.2 2.2 4-4.4"
          stroke="var(--surface)"
          strokeWidth="1.75"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      Docket
    </span>
  )
}
