// Asio is compiled once, here; every other source sees declarations only.
#include <boost/asio/impl/src.hpp>
