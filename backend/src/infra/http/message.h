// One HTTP request and its response as plain data, plus the two ends of a streamed body.
// A Request belongs to the server's connection and lives until its response has been sent.
#pragma once

#include "core/task.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace afterresume::http {

// Whether two header names are the same, letter case aside.
bool same_name(std::string_view left, std::string_view right);

// Header fields in the order they came. Names are compared without regard to case.
class Headers {
public:
    struct Field {
        std::string_view name;
        std::string_view value;
    };

    void add(std::string_view name, std::string_view value);
    // The value of the first field of that name; empty when there is none.
    std::string_view get(std::string_view name) const { return find(name).value_or(""); }
    std::optional<std::string_view> find(std::string_view name) const;
    std::size_t count(std::string_view name) const;
    std::size_t size() const { return marks_.size(); }
    // Valid until the next add() or clear().
    Field at(std::size_t index) const;
    // Forgets the fields; trim() gives back their memory too.
    void clear();
    void trim();

private:
    struct Mark {
        std::uint32_t begin;
        std::uint32_t name_size;
        std::uint32_t value_size;
    };

    std::string text_;
    std::vector<Mark> marks_;
};

// Where a handler reads a streamed request body from.
class BodyReader {
public:
    virtual ~BodyReader() = default;
    // Up to `size` bytes; 0 at the end of the body. Throws Error(too_large "http.body_too_large")
    // beyond the route's limit and Error(malformed "http.body_incomplete") when the client leaves,
    // stalls or breaks framing.
    virtual Task<std::size_t> read(char* into, std::size_t size) = 0;
};

// Where a streamed response goes. Every write is sent at once.
class BodyWriter {
public:
    virtual ~BodyWriter() = default;
    // Returns when the kernel has taken the bytes. Throws Error(unavailable "http.client_gone")
    // when the client has left or takes too long.
    virtual Task<void> write(std::string_view bytes) = 0;
    // The client has left or the server is stopping: the stream should return soon.
    virtual bool ended() const = 0;
    // Called once, on the I/O thread, when ended() becomes true (at once if it is already): for
    // waking a stream that waits for something else than write(). Replaces the previous one;
    // dropped when the stream returns.
    virtual void on_end(std::function<void()> wake) = 0;
};

struct Request {
    std::string method;      // As sent: "GET". HEAD stays "HEAD"; the server leaves out its body.
    std::string target;      // Path with query, undecoded. Starts with '/', or is "*" for OPTIONS.
    std::string_view path;   // Into target, up to '?'.
    std::string_view query;  // Into target, after '?'.
    Headers headers;
    std::string body;  // Empty when body_stream is set.
    BodyReader* body_stream = nullptr;
    std::string remote_address;  // Of the peer of the connection, without port.
    std::optional<std::uint64_t> content_length;
    bool keep_alive = true;

    Request() = default;
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;

    // Empty when there is none.
    std::string_view header(std::string_view name) const { return headers.get(name); }
    // The value of a cookie (RFC 6265 section 4.2.1), of the first of that name; empty when there
    // is none.
    std::string_view cookie(std::string_view name) const;
    // Sets target, path and query.
    void set_target(std::string_view text);
    // Makes it ready for the next request; trim() gives back the memory too. The remote address
    // stays.
    void clear();
    void trim();
};

enum class Compression : std::uint8_t { automatic, never };

struct Response {
    int status = 200;
    std::string content_type;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    // When set, the body is what this writes (chunked); it may throw, which cuts the connection. An
    // event stream or a download. What it captures must live until it has returned: capture by
    // value, and no lambda coroutines.
    std::function<Task<void>(BodyWriter&)> stream;
    // Of a streamed body, when known: sent as Content-Length in place of chunks.
    std::optional<std::uint64_t> stream_length;
    // Whether its headers stand in the place of the server's fixed ones of the same name.
    bool replaces_fixed = false;
    // `never` for bodies that mix secrets with what the client chose.
    Compression compression = Compression::automatic;
};

}  // namespace afterresume::http
