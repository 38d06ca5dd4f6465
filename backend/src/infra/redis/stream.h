// Bytes to and from a server, in the clear or by TLS. Owned by its connection; one read and one
// write at a time.
#pragma once

#include "core/task.h"
#include "infra/redis/address.h"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace afterresume::redis {

class Stream {
public:
    virtual ~Stream() = default;
    // At least one byte; throws boost::system::system_error when the other side is gone.
    virtual Task<std::size_t> read(std::span<char> into) = 0;
    virtual Task<void> write(std::string_view bytes) = 0;
    // Ends what is waited for.
    virtual void close() = 0;
};

// With TLS, the server must prove that it is the host: by the system's authorities, or by those of
// `authorities`, a PEM file, if named. `opened` is told of the stream before it connects, so that
// it can be closed meanwhile.
Task<void> open_stream(
    boost::asio::any_io_executor executor, Address address, std::string authorities,
    std::shared_ptr<Stream>& opened
);

}  // namespace afterresume::redis
