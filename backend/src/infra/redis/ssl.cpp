// Asio's TLS is compiled once, here; every other source sees declarations only.
#include <boost/asio/ssl/impl/src.hpp>
