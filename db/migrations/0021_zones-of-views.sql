-- Views and batches keep the time zone that their days are counted in. Those from before were counted in UTC.
UPDATE saved_views SET query = query || '&timeZone=UTC'
  WHERE query NOT LIKE '%timeZone=%' AND (query LIKE 'created=%' OR query LIKE '%&created=%' OR query LIKE 'updated=%'
    OR query LIKE '%&updated=%' OR query LIKE '%created\%3A%' ESCAPE '\' OR query LIKE '%updated\%3A%' ESCAPE '\');
--> statement-breakpoint
UPDATE batches SET filter = filter || '&timeZone=UTC'
  WHERE filter NOT LIKE '%timeZone=%' AND (filter LIKE 'created=%' OR filter LIKE '%&created=%' OR filter LIKE 'updated=%'
    OR filter LIKE '%&updated=%' OR filter LIKE '%created\%3A%' ESCAPE '\' OR filter LIKE '%updated\%3A%' ESCAPE '\');
