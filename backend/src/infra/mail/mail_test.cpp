#include "core/testing.h"
#include "infra/mail/letter.h"
#include "infra/mail/outbox.h"
#include "infra/mail/testing.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <gmock/gmock.h>

namespace afterresume::mail {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using Speaks = TestServer::Speaks;

class Mail : public testing::Test {
protected:
    void send(Sender& sender, Message message) {
        std::exception_ptr failure;
        io.restart();
        boost::asio::co_spawn(io, sender.send(std::move(message)), [&](std::exception_ptr error) {
            failure = error;
        });
        io.run();
        if (failure) std::rethrow_exception(failure);
    }
    std::string refusal(Sender& sender, Message message) {
        return code_of([&] { send(sender, std::move(message)); });
    }
    std::string refusal(const SmtpOptions& options) {
        Smtp smtp(options, from, clock);
        return refusal(smtp, a_mail());
    }
    static Message a_mail() {
        Letter letter{
            Kind::password_reset, "zoe@example.com", "Zoë <b>Ärger</b>",
            "https://resume.example/reset-password#code=abc&x", 1
        };
        return message_of(letter, "0190a1b2");
    }

    boost::asio::io_context io;
    ManualClock clock{*parse_timestamp("2026-03-10T12:00:00Z")};
    const Address from = address_of("AfterResume <no-reply@resume.example>");
};

TEST_F(Mail, SaysTheSameInTextAndInHtml) {
    auto mime = mime_of(a_mail(), from, clock.now());

    EXPECT_THAT(
        mime, AllOf(
                  HasSubstr("From: AfterResume <no-reply@resume.example>\r\n"),
                  HasSubstr("Subject: Set a new password\r\n"),
                  HasSubstr("Message-Id: <0190a1b2@resume.example>\r\n"),
                  HasSubstr("Date: Tue, 10 Mar 2026 12:00:00 +0000\r\n"),
                  HasSubstr("multipart/alternative"), HasSubstr("text/plain; charset=utf-8"),
                  HasSubstr("text/html; charset=utf-8")
              )
    );
    EXPECT_THAT(a_mail().text, HasSubstr("\nhttps://resume.example/reset-password#code=abc&x\n"));
    EXPECT_THAT(
        a_mail().html,
        AllOf(
            HasSubstr("href=\"https://resume.example/reset-password#code=abc&amp;x\""),
            HasSubstr("Zoë &lt;b&gt;"), Not(HasSubstr("<b>"))
        )
    );
}

TEST_F(Mail, NamesNobodyToAStrangerWhoSignsUp) {
    Letter letter{
        Kind::sign_up, "zoe@example.com", "Eve", "https://resume.example/?signup=abc", 48
    };

    auto mail = message_of(letter, "0190a1b2");

    EXPECT_EQ(mail.to.name, "");
    EXPECT_EQ(mail.subject, "Finish signing up");
    EXPECT_THAT(
        mail.text, AllOf(HasSubstr("\nhttps://resume.example/?signup=abc\n"), Not(HasSubstr("Eve")))
    );
    EXPECT_THAT(mail.html, Not(HasSubstr("Eve")));
}

TEST_F(Mail, TellsWhoHasAnAddressThatSomebodyWantedToSignUpWithIt) {
    Letter letter{
        Kind::address_taken, "zoe@example.com", "Zoe", "https://resume.example/?reset=abc", 1
    };

    auto mail = message_of(letter, "0190a1b2");

    EXPECT_EQ(mail.to.name, "Zoe");
    EXPECT_EQ(mail.subject, "You have an account already");
    EXPECT_THAT(mail.text, HasSubstr("\nhttps://resume.example/?reset=abc\n"));
}

TEST_F(Mail, LetsNobodyWriteHeaders) {
    auto mail = a_mail();
    mail.to.name = "Zoe\r\nBcc: eve@example.com";
    mail.subject = "Hello\r\nX-Evil: yes";

    auto mime = mime_of(mail, from, clock.now());

    EXPECT_THAT(mime, AllOf(Not(HasSubstr("\nBcc:")), Not(HasSubstr("\nX-Evil:"))));
    for (const auto* address :
         {"a@b.c, d@e.f", "a@b.c\r\nBcc: d@e.f", "a@b.c>", "@b.c", "a", "a@b@c", "a b@c.d"}) {
        mail.to.address = address;
        EXPECT_THROW(mime_of(mail, from, clock.now()), Error) << address;
    }
}

TEST_F(Mail, LiesInTheOutboxUntilSomebodyTakesIt) {
    std::vector<std::pair<std::string, std::string>> files;
    auto folder = std::filesystem::temp_directory_path() / ("ar_outbox_" + Uuid::random().text());
    Outbox outbox(folder, from, clock, [&](const auto& path, const std::string& text) {
        files.emplace_back(path.filename().string(), text);
    });

    send(outbox, a_mail());

    ASSERT_THAT(files, SizeIs(1));
    EXPECT_EQ(files[0].first, "0190a1b2.eml");
    EXPECT_THAT(files[0].second, HasSubstr("To: "));
    std::filesystem::remove_all(folder);
}

TEST_F(Mail, ReachesAMailServer) {
    TestServer server;
    Smtp smtp(server.options(), from, clock);

    send(smtp, a_mail());
    send(smtp, a_mail());

    ASSERT_THAT(server.mails(), SizeIs(2));
    EXPECT_THAT(
        server.mails()[0],
        AllOf(
            HasSubstr("X-MailFrom: no-reply@resume.example"),
            HasSubstr("X-RcptTo: zoe@example.com"), HasSubstr("multipart/alternative")
        )
    );
}

TEST_F(Mail, ReachesOneThatWantsTlsAndALogin) {
    for (auto speaks : {Speaks::starttls, Speaks::implicit_tls}) {
        TestServer server(speaks, "post:secret");
        auto options = server.options();
        options.user = "post";
        options.password = "secret";

        EXPECT_EQ(refusal(options), "none");
        EXPECT_THAT(server.mails(), SizeIs(1));
        options.password = "guess";
        EXPECT_EQ(refusal(options), "mail.not_taken");
        EXPECT_THAT(server.mails(), SizeIs(1));
    }
}

TEST_F(Mail, TellsNothingToAServerThatProvesNothing) {
    TestServer unknown(Speaks::starttls);
    auto believing_others = unknown.options();
    believing_others.ca_file = "/etc/ssl/certs/ca-certificates.crt";
    TestServer plain;
    auto insisting = plain.options();
    insisting.tls = Tls::starttls;

    EXPECT_NE(refusal(believing_others), "none");
    EXPECT_NE(refusal(insisting), "none");
    EXPECT_THAT(unknown.mails(), IsEmpty());
    EXPECT_THAT(plain.mails(), IsEmpty());
}

TEST_F(Mail, TellsALastingRefusalFromAPassingOne) {
    TestServer full(Speaks::plainly, {}, "451 Come back later");
    TestServer picky(Speaks::plainly, {}, "550 No such person");
    TestServer gone;
    auto nowhere = gone.options();
    gone.kill();

    EXPECT_EQ(refusal(full.options()), "mail.not_taken");
    EXPECT_EQ(refusal(picky.options()), "mail.refused");
    EXPECT_EQ(refusal(nowhere), "mail.away");
}

TEST_F(Mail, LeavesAServerAloneThatIsAway) {
    TestServer server;
    Smtp smtp(server.options(), from, clock);
    server.kill();

    for (int i = 0; i < 4; ++i) EXPECT_EQ(refusal(smtp, a_mail()), "mail.away");
}

}  // namespace
}  // namespace afterresume::mail
