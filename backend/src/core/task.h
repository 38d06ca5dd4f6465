// The coroutine type of everything that may wait. A task runs on the executor of whoever awaits it.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace afterresume {

template <class T = void>
using Task = boost::asio::awaitable<T>;

}  // namespace afterresume
