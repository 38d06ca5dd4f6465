// Reads one request: Beast's message parser, made strict about everything that proxies and servers
// have been known to understand differently. Owned by a connection; the Request must outlive it.
#pragma once

#include "infra/http/message.h"

#include <boost/beast/http/basic_parser.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace afterresume::http {

// Why a request is not taken, as the client hears it.
struct Refusal {
    int status;
    std::string_view code;
    std::string_view sentence;
};

class RequestParser : private boost::beast::http::basic_parser<true> {
public:
    explicit RequestParser(Request& into);

    // `head` is everything up to and including the empty line. Fills the Request but for its body.
    std::optional<Refusal> read_head(std::string_view head);
    // To be called between head and body. A refusal when Content-Length already tells that it will
    // be too large.
    std::optional<Refusal> limit_body(std::uint64_t bytes);
    // Appends the decoded body to `into` and drops what it has understood from the front of
    // `input`. More input is needed when it returns without a refusal and body_done() is still
    // false.
    std::optional<Refusal> read_body(std::string_view& input, std::string& into);

    bool body_done() const { return is_done(); }
    // HTTP/1.0 knows no chunks.
    bool knows_chunks() const { return version_ >= 11; }
    bool expects_continue() const { return expects_continue_; }

private:
    using Text = boost::beast::string_view;
    using Failure = boost::beast::error_code;

    std::optional<Refusal> check_framing() const;
    std::optional<Refusal> check_target() const;

    void on_request_impl(
        boost::beast::http::verb, Text method, Text target, int version, Failure& failure
    ) override;
    void on_field_impl(boost::beast::http::field, Text name, Text value, Failure& failure) override;
    void on_header_impl(Failure& failure) override;
    std::size_t on_body_impl(Text bytes, Failure& failure) override;
    void on_chunk_header_impl(std::uint64_t size, Text extensions, Failure& failure) override;
    std::size_t on_chunk_body_impl(std::uint64_t remain, Text bytes, Failure& failure) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>&, Failure& failure) override {
        failure = {};
    }
    void on_finish_impl(Failure& failure) override { failure = {}; }
    void on_response_impl(int, Text, int, Failure& failure) override { failure = {}; }

    Request& request_;
    std::string* body_ = nullptr;
    int version_ = 11;
    bool in_body_ = false;
    bool expects_continue_ = false;
};

}  // namespace afterresume::http
