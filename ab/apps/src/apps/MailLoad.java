package apps;

import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.util.Properties;

/** Angus Mail: messages by SMTP over one connection, and every twentieth a look by IMAP. */
final class MailLoad implements Clients.Client {
  private final Session session;
  private final int number;
  private final Transport transport;
  private final Store store;
  private int sent;

  private MailLoad(int port, int number) throws Exception {
    this.number = number;
    Properties properties = new Properties();
    properties.put("mail.smtp.host", "127.0.0.1");
    properties.put("mail.smtp.port", port);
    properties.put("mail.imap.host", "127.0.0.1");
    properties.put("mail.imap.port", port + 1);
    session = Session.getInstance(properties);
    transport = session.getTransport("smtp");
    transport.connect();
    store = session.getStore("imap");
    store.connect(user(), user());
  }

  private String user() {
    return "user" + number + "@husk.test";
  }

  @Override
  public void operation(int operation) throws Exception {
    if (operation % 20 == 19) {
      look();
      return;
    }
    MimeMessage message = new MimeMessage(session);
    message.setFrom(new InternetAddress("load@husk.test"));
    message.setRecipient(Message.RecipientType.TO, new InternetAddress(user()));
    message.setSubject("message " + operation);
    message.setText("A line of the message.\r\n".repeat(40));
    message.saveChanges();
    transport.sendMessage(message, message.getAllRecipients());
    sent++;
  }

  /** Counts what has come, reads the last, and removes all. */
  private void look() throws Exception {
    Folder inbox = store.getFolder("INBOX");
    inbox.open(Folder.READ_WRITE);
    Message[] messages = inbox.getMessages();
    if (messages.length < sent) {
      throw new IllegalStateException(messages.length + " messages of " + sent);
    }
    if (!messages[messages.length - 1].getContent().toString().startsWith("A line")) {
      throw new IllegalStateException("another text");
    }
    inbox.setFlags(messages, new Flags(Flags.Flag.DELETED), true);
    inbox.close(true);
    sent = 0;
  }

  @Override
  public void close() throws Exception {
    store.close();
    transport.close();
  }

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    Clients.run(8, Integer.parseInt(args[1]), number -> new MailLoad(port, number));
    System.exit(0);
  }
}
