// Beast is compiled once, here; every other source sees declarations only.
#include <boost/beast/src.hpp>
