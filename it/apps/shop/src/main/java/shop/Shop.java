package shop;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Sells things. */
@SpringBootApplication
public class Shop {
  /** See the class. */
  public static void main(String[] args) {
    SpringApplication.run(Shop.class, args);
  }
}
