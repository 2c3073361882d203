package shop;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import java.math.BigDecimal;

/** A thing to buy. */
@Entity
public class Item {
  @Id @GeneratedValue private Long id;

  @Column(nullable = false, unique = true)
  private String name = "";

  @Column(precision = 9, scale = 2)
  private BigDecimal price = BigDecimal.ZERO;

  /** Its number in the database. */
  public Long getId() {
    return id;
  }

  /** What it is called; no two have one name. */
  public String getName() {
    return name;
  }

  /** See {@link #getName}. */
  public void setName(String name) {
    this.name = name;
  }

  /** What it costs. */
  public BigDecimal getPrice() {
    return price;
  }

  /** See {@link #getPrice}. */
  public void setPrice(BigDecimal price) {
    this.price = price;
  }
}
