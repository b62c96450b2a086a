-- Logs in with a new code each time: wrk … -- RUN post|get
local run, method, count = "0", "post", 0

function init(args)
  run, method = args[1], args[2]
end

function request()
  count = count + 1
  local code = string.format("0%s%024d", run, count)
  if method == "get" then return wrk.format("GET", "/login?code=" .. code .. "&userInfo=alice") end
  local body = string.format('{"code":"%s","nonce":"nonce%027d"}', code, count)
  return wrk.format("POST", nil, { ["Content-Type"] = "application/json" }, body)
end
