/** What a tab is called. A page that was refused, where nothing is given, does not say what it would have been. */
export const pageTitle = (title: string | undefined) => (title === undefined ? 'Docket' : `${title} · Docket`)
