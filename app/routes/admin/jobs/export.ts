import { fileLoader } from '~/http/export.server'

/** Everyone's jobs as a file. */
export const loader = fileLoader('admin', 'all')
