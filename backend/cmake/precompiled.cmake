# Headers of libraries that most sources include, parsed once for the program and once more, with GoogleMock, for the
# tests. Sources include what they use all the same: `tools/lint` reads them without this.
set(precompiled
    <algorithm> <array> <chrono> <cstdint> <exception> <filesystem> <functional> <map> <memory> <optional> <set> <span>
    <stdexcept> <string> <string_view> <utility> <variant> <vector>
    <fmt/format.h>
    <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp> <boost/asio/detached.hpp> <boost/asio/io_context.hpp>
    <boost/asio/post.hpp> <boost/asio/redirect_error.hpp> <boost/asio/steady_timer.hpp> <boost/asio/this_coro.hpp>
    <boost/asio/use_awaitable.hpp>
    <boost/describe.hpp> <boost/json/serialize.hpp> <boost/json/value.hpp>
)

# precompile(target first header...): what is parsed for the target `first`, with those headers more, serves all targets
# that name it.
function(precompile target first)
    if(target STREQUAL first)
        target_precompile_headers(${target} PRIVATE ${precompiled} ${ARGN})
    else()
        target_precompile_headers(${target} REUSE_FROM ${first})
    endif()
endfunction()
