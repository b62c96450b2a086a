-- Sends another header line of the file with each request: wrk … -- FILE HEADER [PREFIX]
local lines, at = {}, 0
local header, prefix

function init(args)
  for line in io.lines(args[1]) do lines[#lines + 1] = line end
  header, prefix = args[2], args[3] or ""
end

function request()
  at = at % #lines + 1
  return wrk.format("GET", nil, { [header] = prefix .. lines[at] })
end
