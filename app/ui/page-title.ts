/** What a tab is called. A page that was refused, where nothing is given, does not say what it would have been. */
export const pageTitle = (title = 'This page can’t be shown') => `${title} · Docket`
