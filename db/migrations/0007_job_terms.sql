-- Every term of the text index, in order: which terms a word is the beginning of. `instance` stops at the first row that is
-- asked for; the other kinds count a term's jobs before they give it.
CREATE VIRTUAL TABLE jobs_terms USING fts5vocab(jobs_text, instance);
